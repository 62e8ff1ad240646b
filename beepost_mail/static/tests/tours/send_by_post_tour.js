import {registry} from "@web/core/registry";

// The journeys of an accountant, in French; tests/browser/test_journeys.py sets the
// stage and lets the letters leave between two of them.

const tours = registry.category("web_tour.tours");

const MODAL = ".modal .o_account_move_send_wizard";
const BY_POST = `${MODAL} [name='sending_method_checkboxes'] label:contains('BeePOST')`;
// The stage takes the place of the state where the letter is tracked.
const ACCEPTED = "/Accepté|Réceptionné|Received/";

tours.add("beepost_send_invoice", {
    steps: () => [
        {
            content: "Open the dialog of the invoice",
            trigger: "button[name='action_invoice_sent']:visible",
            run: "click",
        },
        {
            content: "Choose to send by post",
            trigger: `${BY_POST}`,
            run: "click",
        },
        {
            content: "and not by e-mail",
            trigger: `${MODAL} [name='sending_method_checkboxes'] label:contains('mail')`,
            run: "click",
        },
        {
            content: "The dialog shows the address as it will show in the window",
            trigger: `${MODAL} [name='beepost_address']:contains('75002 PARIS')`,
        },
        {
            content: "It tells pages, sheets and envelope",
            trigger: `${MODAL} [name='beepost_estimate']:contains('C6/5')`,
        },
        {
            content: "Send",
            trigger: ".modal button[name='action_send_and_print']:visible",
            run: "click",
        },
        {
            content: "The invoice says that its letter is on the way out",
            trigger:
                "button[name='action_open_beepost_mailings']:contains('en attente')",
        },
    ],
});

tours.add("beepost_see_accepted", {
    steps: () => [
        {
            content: "The invoice says that the letter was handed over",
            trigger:
                "button[name='action_open_beepost_mailings']:contains('BeePOST')",
            run: "click",
        },
        {
            content: "The letter is accepted",
            trigger:
                `.o_statusbar_status .o_arrow_button_current:contains(${ACCEPTED})`,
        },
        {
            content: "The PDF as posted is shown",
            trigger: "[name='pdf'] iframe.o_pdfview_iframe",
        },
        {
            content: "It is the legal document itself",
            trigger: ".o_form_sheet .text-success:visible",
        },
    ],
});

tours.add("beepost_see_blocked", {
    steps: () => [
        {
            content: "Open the dialog of the invoice",
            trigger: "button[name='action_invoice_sent']:visible",
            run: "click",
        },
        {
            content: "Choose to send by post",
            trigger: `${BY_POST}`,
            run: "click",
        },
        {
            content: "The dialog says what is wrong with the address",
            trigger: `${MODAL} .alert-danger:contains('code postal')`,
        },
        {
            content: "and leads to the addressee",
            trigger: `${MODAL} .alert-danger a`,
        },
        {
            content: "Leave without sending",
            trigger: ".modal .btn-close",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});

tours.add("beepost_mend_refused", {
    steps: () => [
        {
            content: "The letter was refused and says why",
            trigger: ".o_form_view .alert-danger:contains('code postal')",
        },
        {
            content: "Correct the address",
            trigger: "button[name='action_correct_address']:visible",
            run: "click",
        },
        {
            content: "The dialog names the problem",
            trigger: ".modal [name='problem']:contains('code postal')",
        },
        {
            content: "Enter the postcode",
            trigger: ".modal [name='zip'] input",
            run: "edit 76000",
        },
        {
            content: "Leave the field, so that the window is shown again",
            trigger: ".modal [name='city'] input",
            run: "click",
        },
        {
            content: "The window shows the mended address",
            trigger: ".modal [name='preview']:contains('76000 ROUEN')",
        },
        {
            content: "Send again",
            trigger: ".modal button[name='action_correct']:visible",
            run: "click",
        },
        {
            content: "The letter is on its way again",
            trigger: ".o_form_view:not(:has(.alert-danger:visible))",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});

tours.add("beepost_see_mended", {
    steps: () => [
        {
            content: "The mended letter is accepted",
            trigger:
                `.o_statusbar_status .o_arrow_button_current:contains(${ACCEPTED})`,
        },
        {
            content: "to the mended address",
            trigger: "[name='address']:contains('76000 ROUEN')",
        },
    ],
});
