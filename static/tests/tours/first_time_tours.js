import { registry } from "@web/core/registry";
import { check, choose, confirmWithPassword, copy, create, openMenu } from "./steps";

// What a first-time administrator has to do takes eight actions at the most: a click, or a field that is filled in.
// Opening the application is one of them; choosing a record is one, too, though it is two steps here.
const MOST = 8;
// A row of a list, or a card, which a phone has in its place.
const ROWS = [".o_list_view .o_data_row", ".o_kanban_view .o_kanban_record"];

function task(name, { menus = [], actions, see }) {
    const count = 1 + menus.length + actions.length;
    check(count <= MOST, `${name} takes ${count} actions`);
    registry.category("web_tour.tours").add(`restapi_oauth2_first_${name}`, {
        steps: () => [...openMenu(...menus), ...actions.flat(), ...see],
    });
}

function card(name) {
    return { content: `Choose: ${name}`, trigger: `.o_kanban_record:contains('${name}')`, run: "click" };
}

function fill(name, value) {
    return {
        content: `Fill in ${name}`,
        trigger: `.modal .o_field_widget[name=${name}] :is(input, textarea)`,
        run: `edit ${value} && press Tab`,
    };
}

const [typePassword, confirmIt] = confirmWithPassword("oauth2_tour_administrator");

/** What the dialog shows can be copied. */
function seeSecret(application, ...names) {
    return names.map((name) => ({
        content: `Copy ${name}`,
        trigger: `.modal:contains('The secret of ${application}') [name=${name}] .o_clipboard_button`,
        async run() {
            check(await copy(this.anchor), `${name} is empty`);
        },
    }));
}

task("web", {
    actions: [
        card("Grafana"),
        typePassword,
        confirmIt,
        fill("site", "dashboards.example.com"),
        create(),
    ],
    see: seeSecret(
        "Grafana",
        "client_identifier",
        "secret",
        "issuer",
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint"
    ),
});

task("server", {
    actions: [
        card("It runs by itself"),
        typePassword,
        confirmIt,
        fill("name", "Nightly report"),
        choose(".modal .o_field_widget[name=user_id]", "Tour integration"),
        {
            content: "Choose what it may do",
            trigger: ".modal .form-check:contains('contacts.read') input",
            run: "click",
        },
        create(),
    ],
    see: seeSecret("Nightly report", "client_identifier", "secret", "token_endpoint"),
});

task("app", {
    actions: [
        card("A mobile, desktop or single-page app"),
        fill("name", "Tour phone"),
        fill("redirect_uris", "com.example.tour:/callback"),
        create(),
    ],
    see: [
        {
            content: "See its client ID",
            trigger: "body:not(:has(.modal)) .o_form_view [name=client_id]:contains(/[A-Za-z0-9]{32}/)",
        },
    ],
});

task("auditor", {
    menus: ["menu_oauth2_access", "menu_oauth2_access_list"],
    actions: [
        {
            isActive: ["mobile"],
            content: "Show the search box",
            trigger: ".o_control_panel button:has(.fa-search)",
            run: "click",
        },
        {
            content: "Ask who can reach contacts",
            trigger: `.o_action_manager:has(:is(${ROWS})) .o_searchview input`,
            run: "edit contact",
        },
        {
            trigger: ".o_searchview_autocomplete .o-dropdown-item:contains('Opens the model')",
            run: "click",
        },
    ],
    see: [{ content: "See the answer", trigger: ROWS.map((row) => `${row}:contains('Tour wiki')`).join() }],
});
