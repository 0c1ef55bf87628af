// Dialogs. Content swapped into <dialog id="dialog"> opens the dialog. An empty swap
// closes the dialog, and so does a successful request from inside whose answer goes
// elsewhere, or a click beside the dialog. Focus then returns to the opener.
(() => {
  'use strict';

  let pressed = null; // the control pressed last: the opener of the next dialog
  const openers = new WeakMap();

  function open(dialog) {
    if (dialog.open) return;
    openers.set(dialog, pressed);
    dialog.showModal();
  }

  // Returns where focus belongs: the opener or, if the menu around the opener has
  // closed, the button of the menu.
  function visible(elt) {
    if (!elt?.isConnected) return null;
    if (elt.checkVisibility()) return elt;
    const menu = elt.closest('[popover]');
    return menu && document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
  }

  document.addEventListener('click', (event) => {
    pressed = event.target.closest?.('a, button') ?? pressed;
  }, true);

  document.addEventListener('htmx:after:settle', (event) => {
    const dialog = event.target;
    if (dialog.id !== 'dialog' || dialog.tagName !== 'DIALOG') return;
    if (dialog.textContent.trim() || dialog.childElementCount) open(dialog);
    else dialog.close();
  });

  document.addEventListener('htmx:before:swap', (event) => {
    const { ctx, tasks } = event.detail;
    const dialog = ctx.sourceElement?.closest?.('dialog[open]');
    if (!dialog || !(ctx.response?.status < 400)) return;
    const stays = tasks.some(({ swapSpec, target }) => swapSpec.style !== 'none' && dialog.contains(target));
    if (!stays) dialog.close();
  });

  // The event does not bubble; the capture phase sees it.
  document.addEventListener('close', (event) => {
    const opener = openers.get(event.target);
    openers.delete(event.target);
    if (document.activeElement === document.body) visible(opener)?.focus();
  }, true);

  // Cancel closes the dialog and does not follow the link.
  document.addEventListener('click', (event) => {
    const dialog = event.target.closest?.('dialog[open] [data-close]')?.closest('dialog');
    if (!dialog) return;
    event.preventDefault();
    dialog.close();
  });

  function beside(dialog, event) {
    const box = dialog.getBoundingClientRect();
    return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
  }

  // Press and release must both be outside: a selection dragged out of a field must
  // not close the dialog.
  let pressedBeside = false;
  document.addEventListener('pointerdown', (event) => {
    pressedBeside = event.target.matches?.('dialog[open]') && beside(event.target, event);
  });
  document.addEventListener('click', (event) => {
    if (pressedBeside && event.target.matches?.('dialog[open]') && beside(event.target, event)) event.target.close();
    pressedBeside = false;
  });
})();
