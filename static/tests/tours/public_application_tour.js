import { registry } from "@web/core/registry";
import { create, newApplication, openMenu } from "./steps";

const CLIENT_URI = ".o_field_widget[name=client_uri] input";

registry.category("web_tour.tours").add("restapi_oauth2_public_application", {
    steps: () => [
        ...openMenu(),
        ...newApplication("A mobile, desktop or single-page app", {
            name: "Tour phone",
            redirect_uris: "com.example.tour:/callback",
        }),
        create(),
        {
            content: "See nothing of secrets, client credentials or a user that it acts for",
            trigger:
                "body:not(:has(.modal)) .o_form_view:not(:has(.nav-link[name=secrets])):not(:has([name=grant_client_credentials])):not(:has([name=user_id]))",
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
