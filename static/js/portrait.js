// Shows a chosen profile picture before the form is saved.
(() => {
  'use strict';

  document.addEventListener('change', (event) => {
    const input = event.target;
    if (!input.matches('input[type="file"][data-portrait]')) return;
    const avatar = input.form.querySelector('.avatar');
    const file = input.files[0];
    if (!avatar || !file) return;
    const image = new Image();
    image.alt = '';
    image.onload = () => { avatar.replaceChildren(image); URL.revokeObjectURL(image.src); };
    image.onerror = () => URL.revokeObjectURL(image.src); // the server says why the file is refused
    image.src = URL.createObjectURL(file);
  });
})();
