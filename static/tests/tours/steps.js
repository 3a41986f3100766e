import { stepUtils } from "@web_tour/tour_utils";

/** The application, and one of its menus; without one, the applications. A phone has other menus: there a tour begins at
 * an address.
 */
export function openMenu(...xmlids) {
    return [
        ...stepUtils.goToAppSteps("restapi_oauth2.menu_oauth2", "Open the connected applications"),
        ...xmlids.map((xmlid) => ({
            content: `Open ${xmlid}`,
            trigger: `[data-menu-xmlid='restapi_oauth2.${xmlid}']`,
            run: "click",
        })),
    ].map((step) => ({ ...step, isActive: [...(step.isActive || []), "desktop"] }));
}

/** Begins an application of a template, and fills in what is asked: names of fields of the dialog, and values. One that
 * will have a secret takes the password first.
 */
export function newApplication(template, values = {}, password = "") {
    return [
        {
            content: "Begin a new application",
            trigger: ".o_control_panel button:contains('New application')",
            run: "click",
        },
        {
            content: `Choose: ${template}`,
            trigger: `.o_kanban_record:contains('${template}')`,
            run: "click",
        },
        ...(password ? confirmWithPassword(password) : []),
        ...Object.entries(values).map(([name, value]) => ({
            content: `Fill in ${name}`,
            trigger: `.modal .o_field_widget[name=${name}] :is(input, textarea)`,
            run: `edit ${value} && press Tab`,
        })),
    ];
}

/** Chooses a record: as it is typed, or on a phone from what a press on the field shows. */
export function choose(trigger, value) {
    return [
        {
            isActive: ["desktop"],
            content: `Choose ${value}`,
            trigger: `${trigger} input`,
            run: `edit ${value}`,
        },
        {
            isActive: ["desktop"],
            trigger: `.o-autocomplete--dropdown-item:contains('${value}')`,
            run: "click",
        },
        {
            isActive: ["mobile"],
            content: `Choose ${value}`,
            trigger: `${trigger} input`,
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger: `.modal .o_kanban_record:contains('${value}')`,
            run: "click",
        },
    ];
}

/** Ticks a scope in the dialog of a new application. */
export function tick(scope) {
    return {
        content: `Tick ${scope}`,
        trigger: `.modal [name=scope_ids] .o-checkbox:contains('${scope}:') input`,
        run: "check",
    };
}

export function create() {
    return { content: "Create it", trigger: ".modal button[name=action_make]", run: "click" };
}

export function confirmWithPassword(password) {
    return [
        {
            content: "Confirm with the password",
            trigger: ".modal [name=password] input",
            run: `edit ${password}`,
        },
        {
            trigger: ".modal button[name=run_check]",
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

export function check(isTrue, otherwise) {
    if (!isTrue) {
        throw new Error(otherwise);
    }
}

/** What a copy button gives to the clipboard, which a browser without a window does not let be read. */
export async function copy(button) {
    let copied;
    navigator.clipboard.writeText = async (text) => {
        copied = text;
    };
    button.click();
    delete navigator.clipboard.writeText;
    return copied;
}
