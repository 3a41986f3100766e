import { registry } from "@web/core/registry";
import { beginApplication, openApplications, typeRedirectUri } from "./steps";

const CLIENT_URI = ".o_field_widget[name=client_uri] input";

registry.category("web_tour.tours").add("restapi_oauth2_public_application", {
    steps: () => [
        ...openApplications(),
        ...beginApplication("Tour phone"),
        typeRedirectUri("com.example.tour:/callback"),
        {
            content: "Allow it client credentials, which only an application with a secret can have",
            trigger: ".nav-link[name=rules]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=grant_client_credentials] input",
            run: "click",
        },
        {
            content: "See that this wants a user",
            trigger: ".alert-warning:contains('choose it under Acts for')",
        },
        {
            content: "Make it public",
            trigger: ".o_field_widget[name=is_public] input",
            run: "click",
        },
        {
            content: "See nothing any more of secrets, client credentials or a user that it acts for",
            trigger:
                ".o_form_view:not(:has(.nav-link[name=secrets])):not(:has([name=grant_client_credentials])):not(:has([name=user_id]))",
        },
        {
            content: "Say who is behind it",
            trigger: ".nav-link[name=presentation]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=publisher] input",
            run: "edit Tour Ltd.",
        },
        {
            trigger: CLIENT_URI,
            run: "edit http://tour.example.com && press Tab",
        },
        {
            content: "Try to save it",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Be told what is wrong with the link",
            trigger: ".modal:contains('Website has to be an address that begins with https://')",
        },
        {
            trigger: ".modal .btn-primary:contains('Close')",
            run: "click",
        },
        {
            trigger: `body:not(:has(.modal)) ${CLIENT_URI}`,
            run: "edit https://tour.example.com && press Tab",
        },
        {
            content: "Save it",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "See that it is stored, and is asked for no secret",
            trigger:
                ".o_form_view:not(:has([name=action_generate_secret])):not(:has(.alert)) .o_form_saved [name=client_id]:contains(/[A-Za-z0-9]{32}/)",
        },
    ],
});
