import { registry } from "@web/core/registry";

/** Shows a page, and a dialog over it: `params.page` and `params.dialog` are actions. */
async function pageAndDialog(env, action) {
    await env.services.action.doAction(action.params.page);
    await env.services.action.doAction(action.params.dialog);
}

registry.category("actions").add("restapi_oauth2.page_and_dialog", pageAndDialog);
