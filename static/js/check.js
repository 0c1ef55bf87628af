// While a username is typed, the server's answer stands below the field (#username-check),
// which the field names as its description. This marks the field as the answer says.
(() => {
  'use strict';

  document.addEventListener('htmx:after:swap', () => {
    const answer = document.getElementById('username-check');
    const field = answer && document.querySelector('[aria-describedby~="username-check"]');
    if (!field) return;
    if (answer.matches('.error')) field.setAttribute('aria-invalid', 'true');
    else field.removeAttribute('aria-invalid');
  });
})();
