// Pictures in form.composer, chosen, pasted or dropped (drop.js); at most data-max. Each has a
// preview and a field for a description. The file input always holds the files of
// the previews, in the same order: every way of submitting sends the shown pictures.
(() => {
  'use strict';

  const fileOf = new WeakMap(); // preview → File

  const formOf = (elt) => elt.closest?.('form.composer');
  const inputOf = (form) => form?.querySelector('input[type="file"]');
  const listOf = (form) => form.querySelector('.previews');
  const previewsOf = (form) => [...listOf(form).children];

  // Adds the acceptable files and shows why the others were refused.
  function add(form, files) {
    const problems = new Set();
    for (const file of files) {
      const problem = refuse(form, file);
      if (problem) problems.add(problem.replace('{name}', file.name));
      else listOf(form).append(preview(file));
    }
    tell(form, [...problems].join(' '));
    sync(form);
  }

  // Returns the sentence of the form that says why a file is refused, or ''. The name
  // and the type that the browser guesses say little: the server looks at the bytes.
  function refuse(form, file) {
    const texts = form.dataset;
    if (file.size > Number(texts.maxBytes)) return texts.errorSize;
    if (previewsOf(form).length >= Number(texts.max)) return texts.errorMany;
    return '';
  }

  function tell(form, text) {
    const error = form.querySelector('.error[role="alert"]');
    (error.querySelector('span') ?? error).textContent = text;
    error.hidden = !text;
  }

  function preview(file) {
    const item = document.getElementById('preview').content.firstElementChild.cloneNode(true);
    const image = item.querySelector('img');
    const url = URL.createObjectURL(file);
    image.onload = image.onerror = () => URL.revokeObjectURL(url);
    image.src = url;
    fileOf.set(item, file);
    return item;
  }

  // Updates the file input and the numbered labels to match the previews.
  function sync(form) {
    const transfer = new DataTransfer();
    previewsOf(form).forEach((item, i) => {
      transfer.items.add(fileOf.get(item));
      for (const elt of item.querySelectorAll('[data-label]')) {
        elt.setAttribute('aria-label', elt.dataset.label.replace('{n}', i + 1));
      }
    });
    inputOf(form).files = transfer.files;
    form.dispatchEvent(new CustomEvent('composer:change', { bubbles: true }));
  }

  function remove(form, item) {
    const next = item.nextElementSibling ?? item.previousElementSibling;
    item.remove();
    tell(form, '');
    sync(form);
    (next?.querySelector('button') ?? inputOf(form)).focus();
  }

  document.addEventListener('change', (event) => {
    const form = formOf(event.target);
    if (form && event.target === inputOf(form)) add(form, [...event.target.files]);
  });

  document.addEventListener('click', (event) => {
    const item = event.target.closest?.('.preview button')?.closest('.preview');
    if (item && formOf(item)) remove(formOf(item), item);
  });

  document.addEventListener('paste', (event) => {
    const form = formOf(event.target);
    const data = event.clipboardData;
    if (!inputOf(form) || !data?.files.length) return;
    // Office programs add a picture of the copied text; people mean the text.
    if (data.types.includes('text/plain') && data.types.includes('text/html')) return;
    event.preventDefault();
    add(form, [...data.files]);
  });

  // Enter in a description must not submit the post.
  for (const type of ['keydown', 'keypress']) {
    document.addEventListener(type, (event) => {
      if (event.key === 'Enter' && event.target.matches('.composer .preview input')) event.preventDefault();
    });
  }

  // After going back, browsers restore the files of the input but not the previews.
  window.addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll('form.composer')) {
      const input = inputOf(form);
      if (input?.files.length && !previewsOf(form).length) add(form, [...input.files]);
    }
  });
})();
