import {inputFiles} from "@web/../tests/utils";
import {registry} from "@web/core/registry";

// An administrator brings in next year's prices; tests/browser/test_postage.py sets the
// stage: this year's grid has 1.52 up to 20 g and 3.10 up to 100 g.

const tours = registry.category("web_tour.tours");

const YEAR = new Date().getFullYear() + 1;
const CARD = ".o_kanban_record:contains('Barème essai')";
const FILE_INPUT = ".modal .o_field_widget[name='file'] .o_input_file";

function file(small, large) {
    const days = `01/01/${YEAR};31/12/${YEAR}`;
    const lines = [
        "Produit;Zone;Jusqu'à (g);Prix HT;Taxe;Valable du;Valable jusqu'au",
        `lettre_verte;metropole;20;${small};exempt;${days}`,
        `lettre_verte;metropole;100;${large};exempt;${days}`,
    ];
    return new File([lines.join("\r\n")], "tarifs.csv", {type: "text/csv"});
}

const choose = (small, large) => [
    {
        content: "Choose a file",
        trigger: ".modal .o_field_widget[name='file']",
        run: () => inputFiles(FILE_INPUT, [file(small, large)]),
    },
    {
        content: "Check it",
        trigger: ".modal button[name='action_check'].btn-primary:visible",
        run: "click",
    },
];

tours.add("beepost_next_year", {
    steps: () => [
        {
            content: "Nothing is there for 1 January, and it says so",
            trigger: `${CARD} [name='january_state'] .text-bg-danger`,
        },
        {
            content: "Import",
            trigger: `${CARD} button[name='action_import']`,
            run: "click",
        },
        ...choose("1,60", "1,55"),
        {
            content: "A price that falls is named with its cell, and nothing comes in",
            trigger:
                ".modal [name='fault_ids'] .o_data_row:contains('D3'):contains('1,55')",
        },
        {
            trigger: ".modal:not(:has(button[name='action_import']:visible))",
        },
        ...choose("1,60", "3,90"),
        {
            content: "The corrected file can be imported",
            trigger: ".modal .alert-success:visible",
        },
        {
            content: "A jump is shown",
            trigger: ".modal [name='fault_ids'] .o_data_row:contains('+25,8')",
        },
        {
            content: "Import it",
            trigger: ".modal button[name='action_import']:visible",
            run: "click",
        },
        {
            content: "It is a draft",
            trigger:
                ".o_form_view .o_arrow_button_current[data-value='draft']",
        },
        {
            content: "Compare it with this year's",
            trigger: "button[name='action_compare']:visible",
            run: "click",
        },
        {
            content: "One price beside the other",
            trigger:
                ".modal [name='line_ids'] .o_data_row:contains('1,52'):contains('1,60'):contains('+5,3')",
        },
        {
            trigger:
                ".modal [name='line_ids'] .o_data_row:contains('3,10'):contains('3,90')",
        },
        {
            content: "Close the comparison",
            trigger: ".modal-footer button.btn:not([name]):visible",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        {
            content: "Publish it",
            trigger: "button[name='action_confirm']:visible",
            run: "click",
        },
        {
            content: "What is doubtful is shown once more",
            trigger: ".modal [name='notes'] li:contains('+25,8')",
        },
        {
            content: "It is meant so",
            trigger: ".modal button[name='action_publish']:visible",
            run: "click",
        },
        {
            content: "It is in force from 1 January on",
            trigger:
                ".o_form_view .o_arrow_button_current[data-value='confirmed']",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});
