import {inputFiles} from "@web/../tests/utils";
import {registry} from "@web/core/registry";

// A payment receipt, and a letter of one's own to many, by post;
// tests/browser/test_documents.py sets the stage and lets the letters leave between two
// of these tours. But for the state of a letter, selectors hang on no text of ours:
// translations may follow later.

const tours = registry.category("web_tour.tours");

const current = (state) => `.o_statusbar_status .o_arrow_button_current[data-value='${state}']`;
// The stage takes the place of the state where the letter is tracked.
const ACCEPTED =
    ".o_statusbar_status .o_arrow_button_current:contains(/Accepté|Réceptionné|Received/)";

/** A picture that can be printed. */
async function picture() {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 400;
    const context = canvas.getContext("2d");
    context.fillStyle = "steelblue";
    context.fillRect(50, 50, 300, 300);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    return new File([blob], "plan.png", {type: "image/png"});
}

const openDialog = [
    {
        content: "Open the menu of the document",
        trigger: ".o_control_panel .o_cp_action_menus button:has(.fa-cog)",
        run: "click",
    },
    {
        content: "Open its Print menu",
        trigger: ".o-dropdown--menu button:has(.fa-print)",
        run: "click",
    },
    {
        content: "Send by post is the last entry",
        trigger: ".o-dropdown--menu:not(:has(.fa-print)) .o_menu_item:last",
        run: "click",
    },
];

tours.add("beepost_post_receipt", {
    steps: () => [
        ...openDialog,
        {
            content: "The addressee was found, and the address as in the window",
            trigger: ".modal [name='address']:contains('75002 PARIS')",
        },
        {
            content: "The receipt lies in the envelope",
            trigger: ".modal [name='line_ids'] .o_data_row",
        },
        {
            content: "Add an enclosure",
            trigger: ".modal .o_field_widget[name='upload_ids']",
            run: async () =>
                inputFiles(".modal [name='upload_ids'] .o_input_file", [await picture()]),
        },
        {
            content: "It is there",
            trigger: ".modal [name='upload_ids'] .o_attachment:contains('plan.png')",
        },
        {
            content: "Look at the letter",
            trigger: ".modal button[name='action_preview']:visible",
            run: "click",
        },
        {
            content: "It is shown",
            trigger: ".modal [name='preview_pdf'] :iframe .page[data-loaded='true']",
            timeout: 60000,
        },
        {
            content: "The paper is told",
            trigger: ".modal [name='estimate']:contains('C6/5')",
        },
        {
            content: "Send",
            trigger: ".modal button[name='action_send']:visible",
            run: "click",
        },
        {
            content: "What was sent leads to its letter",
            trigger: ".o_notification a[href*='/odoo/letters/']:contains('Jeanne Martin')",
            timeout: 60000,
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});

tours.add("beepost_see_receipt", {
    steps: () => [
        ...openDialog,
        {
            content: "The dialog knows that the receipt was posted",
            trigger: ".modal [name='letter_count']:contains('1')",
        },
        {
            content: "See its letters",
            trigger: ".modal button[name='action_open_letters']:visible",
            run: "click",
        },
        {
            content: "Open the letter",
            trigger: ".o_kanban_record:contains('Jeanne Martin')",
            run: "click",
        },
        {
            content: "It is accepted",
            trigger: `.o_form_view ${ACCEPTED}`,
        },
        {
            content: "The PDF as posted is shown",
            trigger: "[name='pdf'] iframe.o_pdfview_iframe",
        },
    ],
});

tours.add("beepost_write_letter", {
    steps: () => [
        {
            content: "Write a letter",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "Look for a template",
            trigger: ".o_field_widget[name='template_id'] input",
            run: "edit Déménagement",
        },
        {
            content: "Begin with it",
            trigger: ".o-autocomplete--dropdown-item:contains('Déménagement')",
            run: "click",
        },
        {
            content: "Its text is there",
            trigger: ".o_field_widget[name='body']:contains('nous déménageons')",
        },
        {
            content: "To whom",
            trigger: ".o_notebook a[name='addressees']",
            run: "click",
        },
        {
            content: "Look at the filters",
            trigger: ".o_field_widget[name='filter_id'] input",
            run: "click",
        },
        {
            content: "Choose one",
            trigger: ".o-autocomplete--dropdown-item:contains('Clients de Lyon')",
            run: "click",
        },
        {
            content: "It matches three contacts",
            trigger: ".o_field_widget[name='domain'] .o_domain_show_selection_button:contains('3')",
        },
        {
            content: "Add them",
            trigger: "button[name='action_add_matching']:visible",
            run: "click",
        },
        {
            content: "They are on the list",
            trigger: ".o_field_widget[name='addressee_ids'] .o_data_row:contains('Client 3')",
        },
        {
            content: "Preview and send",
            trigger: ".o_form_statusbar .o_statusbar_buttons button.btn-primary:visible",
            run: "click",
        },
        {
            content: "Show the letter of one of them",
            trigger: ".modal button[name='action_preview']:visible",
            run: "click",
        },
        {
            content: "It is shown",
            trigger: ".modal [name='preview'] :iframe .page[data-loaded='true']",
            timeout: 60000,
        },
        {
            content: "with its paper",
            trigger: ".modal [name='estimate']:contains('C6/5')",
        },
        {
            content: "Send",
            trigger: ".modal button[name='action_send']:visible",
            run: "click",
        },
        {
            content: "The letters are being made",
            trigger: `.o_form_view ${current("making")}`,
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});

tours.add("beepost_pause_lot", {
    steps: () => [
        {
            content: "Pause the lot",
            trigger: "button[name='action_pause']:visible",
            run: "click",
        },
        {
            content: "It says so",
            trigger: ".o_form_view .alert[name='paused']:visible",
        },
        {
            trigger: ".o_form_view button[name='action_resume']:visible",
        },
    ],
});

tours.add("beepost_resume_lot", {
    steps: () => [
        {
            content: "Resume the lot",
            trigger: "button[name='action_resume']:visible",
            run: "click",
        },
        {
            content: "It runs",
            trigger: `.o_form_view ${current("running")}`,
        },
    ],
});

tours.add("beepost_see_letters", {
    steps: () => [
        {
            content: "All were sent",
            trigger: `.o_form_view ${current("sent")}`,
        },
        {
            content: "See the letters",
            trigger: "button[name='action_open_letters']:contains('3')",
            run: "click",
        },
        {
            content: "One for each",
            trigger: ".o_kanban_view:has(.o_kanban_record:contains('Client 1')):has(.o_kanban_record:contains('Client 3'))",
        },
        {
            content: "Open one",
            trigger: ".o_kanban_record:contains('Client 2')",
            run: "click",
        },
        {
            content: "It is accepted",
            trigger: `.o_form_view ${ACCEPTED}`,
        },
        {
            content: "The PDF as posted is shown",
            trigger: "[name='pdf'] iframe.o_pdfview_iframe",
        },
    ],
});
