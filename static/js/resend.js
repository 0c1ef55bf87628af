// A post, comment or edit that could not be sent stays in its form, with the text and
// the pictures, and a line says why, with a button to send again.
(() => {
  'use strict';

  const formOf = (elt) => elt.closest?.('form[hx-post]:has(textarea)');
  const lineOf = (form) => form.querySelector('.resend');
  const submitOf = (form) => form.querySelector('.btn-main');

  function add(form) {
    const line = document.getElementById('resend').content.firstElementChild.cloneNode(true);
    const row = submitOf(form).closest('.row');
    if (form.contains(row)) row.before(line);
    else form.append(line);
    return line;
  }

  // toast.js asks whether a form shows the failure itself.
  document.addEventListener('unsent', (event) => {
    const form = formOf(event.target);
    if (!form) return;
    event.preventDefault();
    const reason = document.getElementById(event.detail).content.querySelector('span').textContent;
    (lineOf(form) ?? add(form)).querySelector('span').textContent = reason;
  });

  document.addEventListener('htmx:before:request', (event) => {
    const form = formOf(event.target);
    if (form === event.target) lineOf(form)?.remove();
  });

  document.addEventListener('click', (event) => {
    const form = event.target.closest?.('.resend button')?.form;
    if (form && !submitOf(form).disabled) form.requestSubmit(submitOf(form));
  });
})();
