import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("restapi_oauth2_connected_apps", {
    steps: () => [
        {
            content: "Open the preferences",
            trigger: ".o_user_menu button",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu [data-menu=preferences]",
            run: "click",
        },
        {
            content: "Go to what is about security",
            trigger: ".modal .nav-link[name=page_security]",
            run: "click",
        },
        {
            content: "See which applications are connected",
            trigger: ".modal button:contains('See connected apps')",
            run: "click",
        },
        {
            content: "See what it may do",
            trigger: ".o_data_row:contains('Tour wiki'):contains('Read and change everything in Odoo that you can')",
        },
        {
            content: "Disconnect it",
            trigger: ".o_data_row:contains('Tour wiki') button[name=action_withdraw]",
            run: "click",
        },
        {
            content: "Confirm it",
            trigger: ".modal .btn-primary:contains('Disconnect')",
            run: "click",
        },
        {
            content: "See that nothing is connected any more",
            trigger: ".o_view_nocontent:contains('No application is connected to your account')",
        },
    ],
});
