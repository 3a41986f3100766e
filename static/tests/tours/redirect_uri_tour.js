import { registry } from "@web/core/registry";
import { beginApplication, openApplications, typeRedirectUri } from "./steps";

const PROBLEM = ".o_field_widget[name=redirect_uri_ids] .o_data_row:first-child .text-danger";

function seeProblem(uri, problem) {
    return [
        typeRedirectUri(uri),
        {
            content: "See what is wrong with it",
            trigger: `${PROBLEM}:contains('${problem}')`,
        },
        {
            content: "Go back to it",
            trigger: "[name=redirect_uri_ids] .o_data_row:first-child [name=uri]",
            run: "click",
        },
    ];
}

registry.category("web_tour.tours").add("restapi_oauth2_redirect_uri", {
    steps: () => [
        ...openApplications(),
        ...beginApplication("Tour redirects"),
        ...seeProblem("http://shop.example.com/callback", "http is for this machine only"),
        ...seeProblem("https://shop.example.com/callback#top", "must not have a fragment"),
        ...seeProblem("https://shop@example.com/callback", "must not have a user name"),
        ...seeProblem("https://*.example.com/callback", "Wildcards are not understood"),
        ...seeProblem("javascript:alert(1)", "No program has this scheme"),
        typeRedirectUri("http://shop.example.com/callback"),
        {
            content: "Try to save it nevertheless",
            trigger: `.o_form_view:has(${PROBLEM}) .o_form_button_save`,
            run: "click",
        },
        {
            content: "Be told which one is wrong, and why",
            trigger: ".modal:contains('http://shop.example.com/callback'):contains('use https')",
        },
        {
            trigger: ".modal .btn-primary:contains('Close')",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) [name=redirect_uri_ids] .o_data_row:first-child [name=uri]",
            run: "click",
        },
        typeRedirectUri("http://127.0.0.1/callback"),
        {
            content: "See that nothing is wrong any more, and save",
            trigger: `.o_form_view:not(:has(${PROBLEM})) .o_form_button_save`,
            run: "click",
        },
        {
            content: "See that it is stored: it has a client ID now",
            trigger: ".o_form_saved [name=client_id]:contains(/[A-Za-z0-9]{32}/)",
        },
    ],
});
