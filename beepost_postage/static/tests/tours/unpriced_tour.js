import {registry} from "@web/core/registry";

// A day that no price list covers; tests/browser/test_unpriced.py sets the stage: the
// shipped prices have ended, and nobody has brought in others.

const tours = registry.category("web_tour.tours");

const MODAL = ".modal .o_account_move_send_wizard";
const PRICE = `${MODAL} [name='beepost_price_html']`;

tours.add("beepost_send_unpriced", {
    steps: () => [
        {
            content: "Open the dialog of the invoice",
            trigger: "button[name='action_invoice_sent']:visible",
            run: "click",
        },
        {
            content: "Choose to send by post",
            trigger: `${MODAL} [name='sending_method_checkboxes'] label:contains('BeePOST')`,
            run: "click",
        },
        {
            content: "and not by e-mail",
            trigger: `${MODAL} [name='sending_method_checkboxes'] label:contains('mail')`,
            run: "click",
        },
        {
            content: "Nothing gives a price, and it says which day is meant",
            trigger: `${PRICE} strong:contains('prix public')`,
        },
        {
            content: "The letter leaves all the same",
            trigger: `${PRICE}:contains('part sans prix'):not(:contains('0,00'))`,
        },
        {
            content: "Send it",
            trigger: ".modal button[name='action_send_and_print']:visible:not(:disabled)",
            run: "click",
        },
        {
            content: "It is on its way",
            trigger: "button[name='action_open_beepost_mailings']:visible",
        },
    ],
});

const openPrice = [
    {
        content: "Open the page of the price",
        trigger: ".o_notebook .nav-link[name='unpriced']:visible",
        run: "click",
    },
];

tours.add("beepost_see_unpriced", {
    steps: () => [
        ...openPrice,
        {
            content: "The letter is marked, with the reason",
            trigger:
                "[name='unpriced_alert']:contains('sans prix'):contains('prix public')",
        },
    ],
});

tours.add("beepost_publish_prices", {
    steps: () => [
        {
            content: "Publish the draft",
            trigger: "button[name='action_announce']:visible",
            run: "click",
        },
        {
            content: "What is doubtful is shown, if anything is",
            trigger:
                "body:has(.modal button[name='action_publish']:visible), body:has(.o_arrow_button_current[data-value='announced'])",
            run: () =>
                document.querySelector(".modal button[name='action_publish']")?.click(),
        },
        {
            content: "It is in force",
            trigger:
                "body:not(:has(.modal)) .o_arrow_button_current[data-value='announced']",
        },
    ],
});

tours.add("beepost_see_priced_afterwards", {
    steps: () => [
        {
            content: "Open the page of the price",
            trigger: ".o_notebook .nav-link[name='price']:visible",
            run: "click",
        },
        {
            content: "The letter has its price now",
            trigger: "[name='price_label']:contains('1,248')",
        },
        {
            content: "and nothing says that it has none",
            trigger: "body:not(:has(.nav-link[name='unpriced']))",
        },
    ],
});
