import {Component} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

// Sentences that say what would cost less. One click sets the fields that it takes, as
// if the sender had set them: the dialog then works the price out again.
export class AdviceField extends Component {
    static template = "beepost_postage.AdviceField";
    static props = {...standardFieldProps};

    get rows() {
        return this.props.record.data[this.props.name] || [];
    }

    async apply(row) {
        await this.props.record.update(row.values);
    }
}

export const adviceField = {component: AdviceField, supportedTypes: ["json"]};

registry.category("fields").add("beepost_advice", adviceField);
