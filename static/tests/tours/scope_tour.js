import { registry } from "@web/core/registry";
import { openMenu } from "./steps";

const WIZARD = ".modal:contains('New scope from models')";
const LINE = ".o_field_widget[name=line_ids] .o_data_row";
const SELECTED = ".o_field_widget[name=line_ids] .o_selected_row";

function choose(trigger, value) {
    return [
        {
            content: `Choose ${value}`,
            trigger: `${trigger} input`,
            run: `edit ${value}`,
        },
        {
            trigger: `.o-autocomplete--dropdown-item:contains(/^${value}$/)`,
            run: "click",
        },
    ];
}

function typeDomain(domain) {
    return {
        content: `Say which records: ${domain}`,
        trigger: `${SELECTED} [name=domain] input`,
        run: `edit ${domain} && press Tab`,
    };
}

registry.category("web_tour.tours").add("restapi_oauth2_scope", {
    steps: () => [
        ...openMenu("menu_oauth2_configuration", "menu_oauth2_scope"),
        {
            content: "See what a shipped scope opens",
            trigger: ".o_data_row:has([name=name]:contains(/^contacts.read$/)) [name=line_ids] .o_tag:contains(Country)",
        },
        {
            content: "Begin with models",
            trigger: ".o_control_panel:contains('Scopes') button:contains('New from models')",
            run: "click",
        },
        {
            content: "Name it",
            trigger: `${WIZARD} [name=name] input`,
            run: "edit shop.read",
        },
        {
            content: "Say what it is in a sentence",
            trigger: `${WIZARD} [name=description] input`,
            run: "edit Read your orders",
        },
        {
            content: "Forget the models",
            trigger: `${WIZARD} button[name=action_make]`,
            run: "click",
        },
        {
            content: "Be told",
            trigger: ".modal:contains('Choose the models that the scope opens')",
        },
        {
            trigger: ".modal:contains('Choose the models that the scope opens') .btn-primary:contains('Close')",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal:contains('Choose the models that the scope opens')))",
        },
        ...choose(`${WIZARD} .o_field_widget[name=model_ids]`, "Country"),
        {
            content: "See that it is chosen, and make the scope",
            trigger: `${WIZARD}:has([name=model_ids] .o_tag:contains(/^Country$/)) button[name=action_make]`,
            run: "click",
        },
        {
            content: "See the scope",
            trigger: "body:not(:has(.modal)) .o_form_view [name=name] input:value('shop.read')",
        },
        {
            content: "See its sentence",
            trigger: "[name=description] input:value('Read your orders')",
        },
        {
            content: "See its one line, which opens reading and nothing else",
            trigger: `${LINE}:first-child:has([name=perm_read] input:checked):not(:has([name=perm_write] input:checked, [name=perm_create] input:checked, [name=perm_unlink] input:checked)) [name=model_id]:contains(/^Country$/)`,
        },
        {
            content: "Go into the line",
            trigger: `${LINE} [name=domain]`,
            run: "click",
        },
        typeDomain("[('nmae', '=', 'Belgium')]"),
        {
            content: "Try to save it",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Be told what is wrong with the domain",
            trigger: ".modal:contains('The domain on res.country cannot be understood'):contains('nmae')",
        },
        {
            trigger: ".modal .btn-primary:contains('Close')",
            run: "click",
        },
        {
            content: "Go back to the domain",
            trigger: `body:not(:has(.modal)) ${LINE} [name=domain]`,
            run: "click",
        },
        typeDomain("[('code', '=', 'BE')]"),
        ...choose(`${SELECTED} .o_field_widget[name=field_ids]`, "Country Code"),
        {
            content: "See the field, without the name of its model, and save",
            trigger: `.o_form_view:has(${SELECTED} [name=field_ids] .o_tag:contains(/^Country Code$/)) .o_form_button_save`,
            run: "click",
        },
        {
            content: "See that it is stored",
            trigger: ".o_form_saved",
        },
        {
            content: "See the line as it is now",
            trigger: `${LINE}:has([name=model]:contains(/^res.country$/)):has([name=field_ids] .o_tag:contains(/^Country Code$/)) [name=domain]:contains("[('code', '=', 'BE')]")`,
        },
    ],
});
