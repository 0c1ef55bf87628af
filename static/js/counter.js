// The counter <span id="x" data-counter> of <textarea data-limit="500"
// aria-describedby="x">. Counts graphemes, like the server. The submit button of the
// form is disabled while the text is empty (unless data-optional) or too long;
// Ctrl+Enter and Cmd+Enter submit the form.
(() => {
  'use strict';

  const near = 0.9; // share of the limit from which a hidden counter shows
  const segmenter = window.Intl?.Segmenter && new Intl.Segmenter();
  const numbers = new Intl.NumberFormat(document.documentElement.lang || undefined);

  const signsOfGrapheme = 4; // as sns.Length counts
  const invisible = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/u;

  function count(text) {
    let n = 0;
    for (const part of segmenter ? segmenter.segment(text.normalize('NFC')) : text) {
      const signs = [...(part.segment ?? part)].filter((c) => !invisible.test(c)).length;
      n += Math.max(1, Math.ceil(signs / signsOfGrapheme));
    }
    return n;
  }

  function counterOf(area) {
    return (area.getAttribute('aria-describedby') ?? '').split(/\s+/)
      .map((id) => document.getElementById(id)).find((elt) => elt?.hasAttribute('data-counter'));
  }

  function update(area) {
    const limit = Number(area.dataset.limit);
    const used = count(area.value);
    const counter = counterOf(area);
    if (counter) {
      counter.textContent = `${numbers.format(used)}/${numbers.format(limit)}`;
      counter.classList.toggle('over', used > limit);
      counter.classList.toggle('near', used > limit * near);
    }
    const something = 'optional' in area.dataset || area.value.trim() !== '' || area.form?.querySelector('.preview');
    const button = submitOf(area.form);
    // During a request hx-disable controls the button.
    if (button && !area.form.classList.contains('htmx-request')) button.disabled = !something || used > limit;
  }

  function submitOf(form) {
    return form && [...form.elements].find((elt) => elt.type === 'submit' && !elt.formNoValidate);
  }

  function updateAll(root) {
    if (root.matches?.('textarea[data-limit]')) update(root);
    root.querySelectorAll?.('textarea[data-limit]').forEach(update);
  }

  document.addEventListener('input', (event) => {
    if (event.target.matches('textarea[data-limit]')) update(event.target);
  });
  // Pictures were added or removed.
  document.addEventListener('composer:change', (event) => updateAll(event.target));
  // After these events browsers and htmx still set values and buttons.
  document.addEventListener('reset', (event) => setTimeout(updateAll, 0, event.target));
  document.addEventListener('htmx:finally:request', () => setTimeout(updateAll, 0, document));
  window.addEventListener('pageshow', () => updateAll(document));

  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    if (!event.target.matches('textarea[data-limit]')) return;
    event.preventDefault();
    const button = submitOf(event.target.form);
    if (button && !button.disabled) event.target.form.requestSubmit(button);
  });

  htmx.onLoad(updateAll);
})();
