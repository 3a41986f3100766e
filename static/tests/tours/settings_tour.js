import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const ISSUER = ".o_field_widget[name=oauth2_issuer] input";
const LIFETIME = ".o_field_widget[name=oauth2_access_token_lifetime] input";

function typeInto(trigger, value) {
    return { content: `Type ${value}`, trigger, run: `edit ${value} && press Tab` };
}

function save() {
    return { content: "Save", trigger: ".o_form_button_save", run: "click" };
}

function beRefused(why) {
    return [
        save(),
        {
            content: `Be told: ${why}`,
            trigger: `.modal:contains('${why}')`,
        },
        {
            trigger: ".modal .btn-primary:contains('Close')",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ];
}

registry.category("web_tour.tours").add("restapi_oauth2_settings", {
    steps: () => [
        ...stepUtils.goToAppSteps("base.menu_administration", "Open the settings"),
        typeInto(ISSUER, "http://odoo.example.com"),
        ...beRefused("use https"),
        typeInto(ISSUER, "https://odoo.example.com/"),
        ...beRefused("Leave out the slash"),
        typeInto(ISSUER, "https://odoo.example.com"),
        typeInto(LIFETIME, "1441"),
        ...beRefused("a number from 1 to 1440"),
        typeInto(LIFETIME, "20"),
        // Odoo loads its page anew when settings are saved.
        { ...save(), expectUnloadPage: true },
        {
            content: "See that it is stored",
            trigger: `${ISSUER}:value('https://odoo.example.com')`,
        },
        {
            trigger: `${LIFETIME}:value('20')`,
        },
    ],
});
