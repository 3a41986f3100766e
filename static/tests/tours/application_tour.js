import { registry } from "@web/core/registry";
import { check, choose, copy, create, newApplication, openMenu, tick } from "./steps";

const PATH = "/restapi/1.0/common/oauth2";
const REDIRECT_URI = "https://shop.example.com/callback";

let clientId;
let secret;

/** A request as the documentation has it. It also keeps the browser from asking for a name and a password. */
async function ask(endpoint, method, parameters) {
    const pairs = Object.entries(parameters).map(([name, value]) => `${name}='${encodeURIComponent(value)}'`);
    const answer = await fetch(`${PATH}/${endpoint}`, {
        method,
        headers: { Authorization: `OAuth ${pairs.join(", ")}`, Accept: "application/json" },
    });
    return { status: answer.status, ...(await answer.json()) };
}

/** What the application does with what it was given. */
async function askForToken() {
    const { code = "none" } = await ask("authorize", "GET", {
        client_id: clientId,
        redirect_uri: REDIRECT_URI,
        response_type: "code",
    });
    return ask("access_token", "POST", {
        client_id: clientId,
        client_secret: secret,
        redirect_uri: REDIRECT_URI,
        grant_type: "authorization_code",
        code,
    });
}

registry.category("web_tour.tours").add("restapi_oauth2_application", {
    steps: () => [
        ...openMenu(),
        ...newApplication(
            "As in the REST API documentation",
            { name: "Tour shop", redirect_uris: REDIRECT_URI },
            "oauth2_tour_administrator"
        ),
        ...choose(".modal .o_field_widget[name=user_id]", "Tour integration"),
        tick("odoo"),
        create(),
        {
            content: "Copy the client ID",
            trigger: ".modal:contains('The secret of Tour shop') [name=client_identifier] .o_clipboard_button",
            async run() {
                clientId = await copy(this.anchor);
                check(/^[A-Za-z0-9]{32}$/.test(clientId), "The copied client ID is not one");
            },
        },
        {
            content: "Copy the secret",
            trigger: ".modal [name=secret] .o_clipboard_button",
            async run() {
                secret = await copy(this.anchor);
                const shown = this.anchor.closest("[name=secret]").textContent.trim();
                check(/^[A-Za-z0-9]{32}$/.test(secret), "The copied secret is not one");
                check(secret === shown, "What is copied is not what is shown");
                const answer = await askForToken();
                check(answer.status === 200, `The copied secret gets no token: ${answer.error}`);
            },
        },
        {
            content: "Close the dialog",
            trigger: ".modal footer .btn-primary:contains('I have copied it')",
            run: "click",
        },
        {
            content: "See the warning beside the user",
            trigger: ".alert-warning:contains('can do all that this user may do')",
        },
        {
            content: "See what direct authorization gives away",
            trigger: ".alert-warning:contains('Everybody who knows the client ID can get codes')",
        },
        {
            content: "See that no secret is missing, nor generated first of all",
            trigger: "body:not(:has(.modal)):not(:has(.alert-info)) .btn-secondary[name=action_generate_secret]",
        },
        {
            content: "Look at the secrets",
            trigger: ".nav-link[name=secrets]",
            run: "click",
        },
        {
            content: "See the end of the secret, and no more of it",
            trigger: "[name=secret_ids] .o_data_row [name=last_characters]",
            run() {
                check(this.anchor.textContent === secret.slice(-4), "The end of the secret is not in the list");
                check(!document.documentElement.outerHTML.includes(secret), "The secret is still in the page");
            },
        },
        {
            content: "Archive the application",
            trigger: ".o_cp_action_menus .dropdown-toggle",
            run: "click",
        },
        {
            trigger: ".o-dropdown-item:contains('Archive')",
            run: "click",
        },
        {
            trigger: ".modal .btn-primary:contains('Archive')",
            run: "click",
        },
        {
            content: "See that it is archived and gets nothing any more",
            trigger: ".ribbon:contains('Archived')",
            async run() {
                const answer = await askForToken();
                check(answer.error === "invalid_client", `An archived application got ${answer.status}`);
            },
        },
        {
            content: "See that it holds no authorization any more",
            trigger: "[name=action_authorizations] .o_stat_value:contains(/^0$/)",
        },
        {
            content: "See that no secret can be generated",
            trigger: "body:not(:has([name=action_generate_secret]))",
        },
    ],
});
