// The field of a new message: Enter sends once, whatever the input method does
// meanwhile; Shift+Enter, and the return key on a screen, begin a new line.
// What was typed and not sent outlives the page.
(() => {
  'use strict';

  const area = document.getElementById('say');
  if (!area) return;
  const { form } = area;
  const draft = `draft-${document.getElementById('chat').dataset.room}-${document.body.dataset.me}`;
  const touch = matchMedia('(pointer: coarse)');

  let composing = false; // a syllable is not finished
  let wanted = false;    // sent as soon as it is
  let taken = false;     // Enter is down, and means to send

  function submit() {
    wanted = false;
    const button = form.querySelector('.btn-main');
    if (!button.disabled) form.requestSubmit(button);
  }

  // The keys on a screen have no place on a keyboard, or take one on the screen.
  const ofKeyboard = (event) => !touch.matches || (event.code && visualViewport.height > innerHeight * 0.8);

  // While composing, browsers call Enter "Process" or send it twice.
  const isEnter = ({ key, code, keyCode }) => key === 'Enter' || (keyCode === 229 && /Enter$/.test(code));

  area.addEventListener('compositionstart', () => { composing = true; });
  area.addEventListener('compositionend', () => {
    composing = false;
    if (wanted) setTimeout(submit); // the field takes the syllable first
  });

  area.addEventListener('keydown', (event) => {
    taken = isEnter(event) && !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey && ofKeyboard(event);
    if (!taken) return;
    event.preventDefault();
    if (event.repeat || wanted) return;
    wanted = composing || event.isComposing;
    if (!wanted) submit();
  });
  area.addEventListener('keyup', () => { taken = false; });
  // An input method may pass the key on by itself.
  area.addEventListener('beforeinput', (event) => {
    if (taken && event.inputType === 'insertLineBreak') event.preventDefault();
  });

  // The button, pressed in the middle of a syllable: leaving the field ends it.
  form.addEventListener('submit', (event) => {
    if (!composing) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    wanted = true;
    area.blur();
  });

  if (!CSS.supports('field-sizing', 'content')) {
    area.addEventListener('input', () => { area.rows = Math.min(6, area.value.split('\n').length); });
  }

  if (!document.getElementById('socket')) return;
  area.value ||= sessionStorage.getItem(draft) ?? '';
  window.addEventListener('pagehide', () => sessionStorage.setItem(draft, area.value));
  if (!touch.matches && !location.hash) area.focus({ preventScroll: true });
})();
