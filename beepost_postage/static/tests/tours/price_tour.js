import {registry} from "@web/core/registry";

// What an accountant sees of the price before sending; tests/browser/test_price.py sets
// the stage: 3 pages, and a price list that changes in a few weeks.

const tours = registry.category("web_tour.tours");

const MODAL = ".modal .o_account_move_send_wizard";
const PRICE = `${MODAL} [name='beepost_price_html']`;
const ADVICE = `${MODAL} [name='beepost_advice']`;

const open = [
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
];

tours.add("beepost_see_price", {
    steps: () => [
        ...open,
        {
            content: "Two sheets on both sides have their price",
            trigger: `${PRICE} strong:contains('1,108')`,
        },
        {
            content: "How it is made is folded away",
            trigger: `${PRICE}:not(:has(details[open])) summary`,
            run: "click",
        },
        {
            content: "and can be redone by hand",
            trigger: `${PRICE} details[open] li:contains('2 × 0,045')`,
        },
        {
            content: "Print on one side",
            trigger: `${MODAL} [name='beepost_duplex'] input:checked`,
            run: "click",
        },
        {
            content: "Three sheets cost more",
            trigger: `${PRICE} strong:contains('1,162')`,
        },
        {
            content: "What would cost less stands there with its saving; apply it",
            trigger: `${ADVICE} .o_beepost_advice:contains('0,054') button`,
            run: "click",
        },
        {
            content: "Both sides again, at their price",
            trigger: `${PRICE} strong:contains('1,108')`,
        },
        {
            content: "The box is ticked, as if by hand",
            trigger: `${MODAL} [name='beepost_duplex'] input:checked`,
        },
        {
            content: "Look at the services",
            trigger: `${MODAL} [name='beepost_service_id'] input`,
            run: "click",
        },
        {
            content: "Choose a tracked one",
            trigger: ".o-autocomplete--dropdown-item:contains('suivie')",
            run: "click",
        },
        {
            content: "It has a price of its own",
            trigger: `${PRICE} strong:contains('1,608')`,
        },
        {
            content: "A plain one would cost less",
            trigger: `${ADVICE} .o_beepost_advice:contains('0,50') button`,
            run: "click",
        },
        {
            content: "The service is the plain one again",
            trigger: `${PRICE} strong:contains('1,108')`,
        },
        {
            content: "Leave without sending",
            trigger: ".modal .btn-close, .modal button[special='cancel']",
            run: "click",
        },
        {
            content: "The invoice is as it was",
            trigger: "body:not(:has(.modal)) button[name='action_invoice_sent']:visible",
        },
    ],
});

tours.add("beepost_see_later_price", {
    steps: () => [
        ...open,
        {
            content: "By the day of deposit another price list holds",
            trigger: `${PRICE} strong:contains('2,108')`,
        },
        {
            content: "Leave without sending",
            trigger: ".modal .btn-close, .modal button[special='cancel']",
            run: "click",
        },
        {
            content: "The invoice is as it was",
            trigger: "body:not(:has(.modal)) button[name='action_invoice_sent']:visible",
        },
    ],
});
