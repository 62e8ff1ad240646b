import {registry} from "@web/core/registry";

// An accountant follows letters, in French; tests/browser/test_tracking.py sets the
// stage.

const tours = registry.category("web_tour.tours");

const column = (name) => `.o_kanban_group:has(.o_column_title:contains('${name}'))`;
const CARD = ".o_kanban_record:contains('Jeanne Martin')";
const EVENT = ".o_beepost_journey .o_kanban_record:not(.o_kanban_ghost)";

tours.add("beepost_follow_letters", {
    steps: () => [
        {
            content: "The letter stands in its stage",
            trigger: `${column("Déposé à la poste")} ${CARD}`,
        },
        {
            content: "with the amount of its invoice",
            trigger: `${CARD}:contains('120,00')`,
        },
        {
            content: "One that La Poste should have and has not is marked",
            trigger: `${column("Réceptionné")} .o_kanban_record .text-bg-danger`,
        },
        {
            content: "Stages without letters are there as well, some of them folded",
            trigger: ".o_kanban_group.o_column_folded:contains('Retourné')",
        },
        {
            content: "Try to move the letter to where it is not",
            trigger: `${column("Déposé à la poste")} ${CARD}`,
            run: `drag_and_drop(${column("Remis au client")})`,
        },
        {
            content: "It stays where the facts say that it is",
            trigger: `${column("Déposé à la poste")} ${CARD}`,
        },
        {
            trigger: `${column("Remis au client")}:not(:has(.o_kanban_record))`,
        },
        {
            content: "Open the letter",
            trigger: `${column("Déposé à la poste")} ${CARD}`,
            run: "click",
        },
        {
            content: "The form says the same",
            trigger:
                ".o_statusbar_status .o_arrow_button_current:contains('Déposé à la poste')",
        },
        {
            content: "Open its journey",
            trigger: ".o_notebook .nav-link[name='journey']",
            run: "click",
        },
        {
            content: "The latest event comes first, by the time in Paris",
            trigger: `${EVENT}:eq(0):contains('Déposé à la poste'):contains('24 novembre 2026'):contains('12:30')`,
        },
        {
            content: "Words that nobody knows are marked",
            trigger: `${EVENT}:eq(1):contains('Tri spécial') .text-bg-warning`,
        },
        {
            content: "and the first is the last",
            trigger: `${EVENT}:eq(2):contains('En cours d’édition')`,
        },
        {
            content: "Of a plain letter it says when it is expected",
            trigger: ".alert-info [name='expected_on']:contains('27')",
        },
    ],
});

tours.add("beepost_returned_letter", {
    steps: () => [
        {
            content: "It came back, and why",
            trigger: ".o_form_view .alert-warning:contains('NPAI')",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Retourné')",
        },
        {
            content: "Correct the address",
            trigger: "button[name='action_correct_and_post_again']",
            run: "click",
        },
        {
            trigger: ".modal [name='street'] input",
            run: "edit 15 rue Neuve",
        },
        {
            content: "Leave the field, so that the window is shown again",
            trigger: ".modal [name='city'] input",
            run: "click",
        },
        {
            content: "The window shows it",
            trigger: ".modal [name='preview']:contains('15 RUE NEUVE')",
        },
        {
            trigger: ".modal button[name='action_correct']:visible",
            run: "click",
        },
        {
            content: "A new letter goes to the new address",
            trigger:
                "body:not(:has(.modal)) .o_form_view [name='address']:contains('15 RUE NEUVE')",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('À envoyer')",
        },
        {
            content: "and names the one that it replaces",
            trigger: ".o_form_view [name='origin_id'] a",
            run: "click",
        },
        {
            content: "The old one stays what it was",
            trigger: ".o_form_view [name='address']:contains('12 RUE DE LA PAIX')",
        },
        {
            content: "While a report is made, a test lets no other request in",
            trigger: ".o_field_pdf_viewer :iframe .canvasWrapper",
        },
        {
            content: "Download its evidence",
            trigger: "button[name='action_make_evidence']",
            run: "click",
        },
        {
            content: "It takes a moment",
            trigger: "button[name='action_make_evidence']:disabled",
        },
        {
            content: "and is there",
            trigger: "button[name='action_make_evidence']:not(:disabled)",
            timeout: 60000,
        },
        {
            trigger: ".o_field_pdf_viewer :iframe .canvasWrapper",
        },
    ],
});

tours.add("beepost_overview", {
    steps: () => [
        {
            content: "One letter is late",
            trigger:
                ".o_beepost_overview .o_kanban_record:contains('Compte principal') [name='late']:contains('1')",
            run: "click",
        },
        {
            content: "The number opens its letters, filtered",
            trigger: ".o_list_view .o_data_row:contains('Sans nouvelles SARL')",
        },
        {
            trigger: ".o_list_view:not(:has(.o_data_row:contains('Jeanne Martin')))",
        },
    ],
});
