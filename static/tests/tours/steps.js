import { stepUtils } from "@web_tour/tour_utils";

export function openApplications() {
    return [
        ...stepUtils.goToAppSteps("base.menu_administration", "Open the settings"),
        {
            content: "Open the OAuth2 menu",
            trigger: "[data-menu-xmlid='restapi_oauth2.menu_oauth2']",
            run: "click",
        },
        {
            content: "Choose the applications",
            trigger: ".dropdown-item[data-menu-xmlid='restapi_oauth2.menu_oauth2_client']",
            run: "click",
        },
    ];
}

export function beginApplication(name) {
    return [
        {
            content: "Begin a new application",
            trigger: ".o_control_panel:contains('OAuth2 Applications') .o_list_button_add",
            run: "click",
        },
        {
            content: "Name it",
            trigger: ".o_field_widget[name=name] input",
            run: `edit ${name}`,
        },
        {
            content: "Add a redirect URI",
            trigger: ".o_field_widget[name=redirect_uri_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
    ];
}

export function typeRedirectUri(uri) {
    return {
        content: `Type the redirect URI ${uri}`,
        trigger: ".o_field_widget[name=redirect_uri_ids] .o_selected_row [name=uri] input",
        run: `edit ${uri} && press Tab`,
    };
}
