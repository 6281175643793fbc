// Makes pages quicker to use; every page works without it.
"use strict";

// An error summary is read first.
document.querySelector("[data-focus]")?.focus();

// The desk may be wider than a phone: it shows where one is.
document.querySelector(".desk [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// A form is sent once, however often its button is pressed.
addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) return event.preventDefault();
    const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
    if (question && !form.dataset.confirmed) {
        event.preventDefault();
        ask(question, event.submitter, () => {
            form.dataset.confirmed = "yes";
            form.requestSubmit(event.submitter ?? undefined);
        });
        return;
    }
    form.dataset.sent = "yes";
});

// What is wrong is said beside the fields, in the words of the page and for all of them at once.
for (const form of document.forms) {
    if (form.method === "post") form.noValidate = true;
}

// Coming back from another page, the form can be sent again.
addEventListener("pageshow", () => {
    for (const form of document.forms) {
        delete form.dataset.sent;
        delete form.dataset.confirmed;
    }
});

// ask: shows a question with the words of the button that was pressed, and a way back.
function ask(question, submitter, act) {
    const dialog = document.createElement("dialog");
    dialog.setAttribute("aria-label", question);
    const text = document.createElement("p");
    text.textContent = question;
    const row = document.createElement("div");
    row.className = "row";
    const button = (label, kind) => {
        const made = document.createElement("button");
        made.type = "button";
        made.className = "button " + kind;
        made.textContent = label;
        row.append(made);
        return made;
    };
    const yes = button(submitter?.firstChild?.textContent ?? "Go on", submitter?.classList.contains("grave") ? "grave" : "");
    const no = button("Go back", "quiet");
    const stack = document.createElement("div");
    stack.className = "stack";
    stack.append(text, row);
    dialog.append(stack);
    document.body.append(dialog);
    dialog.addEventListener("close", () => dialog.remove());
    yes.addEventListener("click", () => { dialog.close(); act(); });
    no.addEventListener("click", () => dialog.close());
    dialog.showModal();
    no.focus();
}

// Files can be dropped on the box around a file field.
for (const box of document.querySelectorAll("[data-drop]")) {
    const input = box.querySelector("input[type=file]");
    const over = (is) => (event) => { event.preventDefault(); box.classList.toggle("over", is); };
    box.addEventListener("dragenter", over(true));
    box.addEventListener("dragover", over(true));
    box.addEventListener("dragleave", over(false));
    box.addEventListener("drop", (event) => {
        over(false)(event);
        if (!event.dataTransfer.files.length) return;
        input.files = event.dataTransfer.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
    });
}

// A chosen picture is shown where the page keeps a place for it.
addEventListener("change", (event) => {
    const file = event.target.type === "file" && event.target.files[0];
    const place = document.querySelector(`img[data-picture="${event.target.name}"]`);
    if (!file || !place || !file.type.startsWith("image/")) return;
    const reader = new FileReader();
    reader.addEventListener("load", () => { place.src = reader.result; });
    reader.readAsDataURL(file);
});

// What is typed shows in the preview, and a drawn picture follows its form.
addEventListener("input", (event) => {
    const name = event.target.dataset?.mirror;
    if (!name) return;
    for (const place of document.querySelectorAll(`[data-shows="${name}"]`)) {
        place.textContent = event.target.value || place.dataset.empty || "";
    }
    const drawn = document.querySelector("img[data-drawn]");
    if (!drawn) return;
    clearTimeout(drawn.wait);
    drawn.wait = setTimeout(() => {
        const typed = new FormData(event.target.form);
        const query = new URLSearchParams();
        for (const key of drawn.dataset.with.split(" ")) query.set(key, typed.get(key) ?? "");
        drawn.src = `${drawn.dataset.drawn}?${query}`;
    }, 250);
});

// A page on which something goes on by itself is loaded again while somebody looks at it.
const again = document.querySelector("[data-again]");
if (again) setInterval(() => document.hidden || location.reload(), again.dataset.again * 1000);

// Buttons that copy appear where copying is possible.
for (const button of document.querySelectorAll("button[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    const words = button.querySelector("span") ?? button;
    const label = words.textContent;
    button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(button.dataset.copy);
        words.textContent = "Copied";
        setTimeout(() => { words.textContent = label; }, 2000);
    });
}

// Other buttons that need this script: print, share.
for (const button of document.querySelectorAll("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
}

for (const button of document.querySelectorAll("button[data-share]")) {
    if (!navigator.share) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
        navigator.share({ title: document.title, url: button.dataset.share }).catch(() => {});
    });
}
