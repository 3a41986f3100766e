import { registry } from "@web/core/registry";
import { newApplication, openMenu, create, typeRedirectUri } from "./steps";

const PROBLEM = ".o_field_widget[name=redirect_uri_ids] .o_data_row:nth-child(2) .text-danger";

function seeProblem(uri, problem) {
    return [
        typeRedirectUri(uri),
        {
            content: "See what is wrong with it",
            trigger: `${PROBLEM}:contains('${problem}')`,
        },
        {
            // Tab begins another row, a moment later.
            content: "Go back to it",
            trigger:
                "[name=redirect_uri_ids]:has(.o_data_row:nth-child(3).o_selected_row) .o_data_row:nth-child(2) [name=uri]",
            run: "click",
        },
    ];
}

registry.category("web_tour.tours").add("restapi_oauth2_redirect_uri", {
    steps: () => [
        ...openMenu(),
        ...newApplication("A mobile, desktop or single-page app", {
            name: "Tour redirects",
            redirect_uris: "http://shop.example.com/",
        }),
        {
            content: "See in the dialog what is wrong with it",
            trigger: ".modal .alert-warning:contains('http is for this machine only')",
        },
        {
            trigger: ".modal .o_field_widget[name=redirect_uris] textarea",
            run: "edit http://127.0.0.1/first && press Tab",
        },
        { trigger: ".modal:not(:has(.alert-warning))" },
        create(),
        {
            content: "Add another one",
            trigger: "body:not(:has(.modal)) .o_field_widget[name=redirect_uri_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        ...seeProblem("http://shop.example.com/callback", "http is for this machine only"),
        ...seeProblem("https://shop.example.com/callback#top", "must not have a fragment"),
        ...seeProblem("https://shop@example.com/callback", "must not have a user name"),
        ...seeProblem("https://*.example.com/callback", "Wildcards are not understood"),
        ...seeProblem("javascript:alert(1)", "This scheme cannot belong to a program"),
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
            trigger: "body:not(:has(.modal)) [name=redirect_uri_ids] .o_data_row:nth-child(2) [name=uri]",
            run: "click",
        },
        typeRedirectUri("http://127.0.0.1/callback"),
        {
            content: "See that nothing is wrong any more, and save",
            trigger: `.o_form_view:not(:has(${PROBLEM})) .o_form_button_save`,
            run: "click",
        },
        {
            content: "See that it is stored",
            trigger: ".o_form_view:not(:has(.o_selected_row)) .o_data_row:nth-child(2):contains('http://127.0.0.1/callback')",
        },
        {
            content: "Go back",
            trigger: ".o_breadcrumb a:contains('New application')",
            run: "click",
        },
        { trigger: ".o_kanban_view" },
    ],
});
