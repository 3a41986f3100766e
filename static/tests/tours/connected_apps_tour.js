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
            content: "See what it may do",
            trigger: ".o_kanban_record:contains('Tour wiki'):contains('Read and change everything in Odoo that you can')",
        },
        {
            content: "Disconnect it",
            trigger: ".o_kanban_record:contains('Tour wiki') summary",
            run: "click",
        },
        {
            content: "Confirm it, for it is named",
            trigger: ".o_kanban_record:contains('Tour wiki loses its access') button[name=action_disconnect]",
            run: "click",
        },
        {
            content: "See that nothing is connected any more",
            trigger: ".modal [name=oauth2_connected_apps]:contains('No application is connected to your account')",
        },
    ],
});
