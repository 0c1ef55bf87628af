// Dialogs. What is swapped into <dialog id="dialog"> opens it; emptying it, or a
// request from inside that went well and has nothing more to show there, closes
// it. A click beside a dialog closes it, and focus goes back to who opened it.
(() => {
  'use strict';

  let pressed = null; // the control pressed last: it opens what opens next
  const openers = new WeakMap();

  function open(dialog) {
    if (dialog.open) return;
    openers.set(dialog, pressed);
    dialog.showModal();
  }

  // Where focus belongs when the opener is an item of a menu that has closed.
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

  // Neither event bubbles, so both are caught on their way down. A dialog opened
  // by command="show-modal" has no call of open(): its opener is noted here.
  document.addEventListener('toggle', (event) => {
    if (event.target.tagName === 'DIALOG' && event.newState === 'open' && !openers.has(event.target)) {
      openers.set(event.target, pressed);
    }
  }, true);
  document.addEventListener('close', (event) => {
    const opener = openers.get(event.target);
    openers.delete(event.target);
    if (document.activeElement === document.body) visible(opener)?.focus();
  }, true);

  // Saying no leads back to the page one is on.
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

  // Pressed and let go outside; a selection dragged out of a field does not count.
  let pressedBeside = false;
  document.addEventListener('pointerdown', (event) => {
    pressedBeside = event.target.matches?.('dialog[open]') && beside(event.target, event);
  });
  document.addEventListener('click', (event) => {
    if (pressedBeside && event.target.matches?.('dialog[open]') && beside(event.target, event)) event.target.close();
    pressedBeside = false;
  });

  // Browsers without <button command>.
  if (!('commandForElement' in HTMLButtonElement.prototype)) {
    document.addEventListener('click', (event) => {
      const button = event.target.closest?.('button[commandfor]');
      const dialog = button && document.getElementById(button.getAttribute('commandfor'));
      if (dialog?.tagName !== 'DIALOG') return;
      if (button.getAttribute('command') === 'show-modal') open(dialog);
      if (button.getAttribute('command') === 'close') dialog.close();
    });
  }
})();
