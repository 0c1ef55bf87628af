// How much was written: any <textarea data-limit="500" aria-describedby="x">
// with <span id="x" data-counter> beside it. Counts graphemes, as the server
// does. Also keeps the submit button of such a form from sending nothing (unless
// data-optional) or too much, and sends it by Ctrl+Enter or Cmd+Enter.
(() => {
  'use strict';

  const near = 0.9; // from here on a shy counter shows itself
  const segmenter = window.Intl?.Segmenter && new Intl.Segmenter();
  const numbers = new Intl.NumberFormat(document.documentElement.lang || undefined);

  function count(text) {
    let n = 0;
    for (const _ of segmenter ? segmenter.segment(text) : text) n++;
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
    // While a request runs the button is htmx's (hx-disable).
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
  // A form changed by other means: pictures came or went.
  document.addEventListener('composer:change', (event) => updateAll(event.target));
  // After these the browser or htmx sets values and buttons of its own.
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
