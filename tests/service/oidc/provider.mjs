// A provider that others wrote (oidc-provider): one client, and two people who sign in without a password.
// Arguments: the client's secret, and where people are sent back to. Writes its address, and ends with its input.
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const [secret, back] = process.argv.slice(2);
const people = {
    anna: { email: "owner@example.org", email_verified: true },
    eve: { email: "owner@example.org", email_verified: false },
};

const server = createServer();
server.listen(0, "127.0.0.1", () => {
    const issuer = `http://127.0.0.1:${server.address().port}`;
    const provider = new Provider(issuer, {
        clients: [{ client_id: "badges", client_secret: secret, redirect_uris: [back] }],
        claims: { openid: ["sub"], email: ["email", "email_verified"] },
        findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
        cookies: { keys: ["of a test"] },
        pkce: { required: () => true },
    });
    server.on("request", provider.callback());
    process.stdout.write(`address ${issuer}\n`);
});
process.stdin.resume().on("end", () => process.exit());
