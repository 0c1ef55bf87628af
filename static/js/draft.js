// Drafts: what was typed into a form[data-draft], and the pictures chosen there, stay on
// the device until the form is sent or cancelled, at the longest for a month. The name of
// a draft is the place, such as comment-17; each account has its own.
(() => {
  'use strict';

  const { me } = document.body.dataset;
  if (!me) return;
  const forms = 'form[data-draft]';
  const prefix = 'draft ';
  const life = 30 * 24 * 60 * 60 * 1000; // ms
  const fields = new Set(['content', 'alt', 'board', 'f']);
  const filling = new WeakSet(); // forms whose draft is being put back

  const keyOf = (form) => `${prefix}${me} ${form.dataset.draft}`;
  const textOf = (form) => form.querySelector('textarea[name="content"]');
  const filesOf = (form) => form.querySelector('input[type="file"]')?.files ?? [];

  // Storage may be full or turned off: the draft is then as short-lived as the page.
  function attempt(act) {
    try { return act(); } catch { return null; }
  }

  const read = (key) => attempt(() => JSON.parse(localStorage.getItem(key)));

  // Calls act with the store of pictures, which localStorage cannot hold.
  async function pictures(mode, act) {
    const opening = indexedDB.open('drafts', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('pictures');
    const done = (request, event) => new Promise((resolve, reject) => {
      request[event] = () => resolve();
      request.onerror = request.onabort = () => reject(request.error);
    });
    await done(opening, 'onsuccess');
    const transaction = opening.result.transaction('pictures', mode);
    const request = act(transaction.objectStore('pictures'));
    await done(transaction, 'oncomplete');
    opening.result.close();
    return request.result;
  }

  function remove(key) {
    const draft = read(key);
    attempt(() => localStorage.removeItem(key));
    if (draft?.pictures) pictures('readwrite', (store) => store.delete(key)).catch(() => {});
  }

  function save(form) {
    if (filling.has(form)) return;
    const area = textOf(form);
    const count = filesOf(form).length;
    const same = area.value === area.defaultValue && 'original' in form.dataset;
    if (!count && (same || !area.value.trim())) { remove(keyOf(form)); return; }
    const typed = [...new FormData(form)].filter(([name]) => fields.has(name));
    attempt(() => localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), typed, pictures: count })));
  }

  function savePictures(form) {
    const files = [...filesOf(form)];
    if (files.length || read(keyOf(form))?.pictures) pictures('readwrite', (store) => store.put(files, keyOf(form))).catch(() => {});
    save(form);
  }

  // Sets fields of a form to the values of a draft, each value once.
  function fill(form, name, typed) {
    const values = typed.filter(([field]) => field === name).map(([, value]) => value);
    [...form.querySelectorAll(`[name="${name}"]`)].forEach((elt, i) => {
      const value = elt.matches('select') ? values.find((v) => [...elt.options].some((o) => o.value === v)) : values[i];
      if (value === undefined || value === elt.value) return;
      elt.value = value;
      elt.dispatchEvent(new Event(elt.matches('select') ? 'change' : 'input', { bubbles: true }));
    });
  }

  async function fillPictures(form, draft) {
    if (!draft.pictures || filesOf(form).length) return;
    const files = await pictures('readonly', (store) => store.get(keyOf(form))).catch(() => null);
    const input = form.querySelector('input[type="file"]');
    if (!files?.length || !input) return;
    const transfer = new DataTransfer();
    files.forEach((file) => transfer.items.add(file));
    input.files = transfer.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
    fill(form, 'alt', draft.typed);
  }

  // Puts a draft into a form that holds nothing newer: what the server or the browser
  // has put back is what was typed last.
  async function restore(form) {
    const draft = read(keyOf(form));
    const area = textOf(form);
    if (!draft || !area || area.value !== area.defaultValue || form.querySelector('[aria-invalid="true"]')) return;
    if (area.value.trim() && !('original' in form.dataset)) return;
    filling.add(form);
    for (const name of ['content', 'board', 'f']) fill(form, name, draft.typed);
    await fillPictures(form, draft);
    filling.delete(form);
    save(form);
  }

  function restoreAll(root) {
    const form = root.closest?.(forms);
    if (form && form !== root) { // the options of another board have arrived
      const draft = read(keyOf(form));
      if (draft) fill(form, 'f', draft.typed);
    }
    if (root.matches?.(forms)) restore(root);
    root.querySelectorAll?.(forms).forEach(restore);
  }

  function sweep() {
    const old = Date.now() - life;
    const keys = attempt(() => Object.keys(localStorage)) ?? [];
    keys.filter((key) => key.startsWith(prefix) && !(read(key)?.at > old)).forEach(remove);
  }

  for (const type of ['input', 'change']) {
    document.addEventListener(type, ({ target }) => { if (target.form?.matches(forms)) save(target.form); });
  }
  document.addEventListener('composer:change', ({ target }) => { if (target.matches(forms)) savePictures(target); });

  // Before the answer takes the place of the form.
  document.addEventListener('htmx:after:request', ({ detail: { ctx } }) => {
    const form = ctx.sourceElement?.closest?.(forms);
    const { status, headers } = ctx.response;
    const sent = status >= 200 && status < 300 && !headers.has('HX-Redirect') && !headers.has('HX-Refresh');
    if (form && ctx.request.method !== 'GET' && sent) remove(keyOf(form));
  });

  document.addEventListener('click', ({ target }) => {
    const form = target.closest?.(`${forms} a[data-cancel]`)?.closest(forms);
    if (form) remove(keyOf(form));
  });

  sweep();
  htmx.onLoad(restoreAll);
})();
