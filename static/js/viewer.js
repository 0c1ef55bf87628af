// Shows a picture in <dialog id="viewer"> above the page; without scripting the link
// opens the file. Arrow keys and the halves of the screen lead to the other pictures
// of the post.
(() => {
  'use strict';

  const viewer = document.getElementById('viewer');
  if (!viewer) return;
  const image = viewer.querySelector('img');
  const caption = viewer.querySelector('p');
  let links = [], at = 0;

  function show(index) {
    at = (index + links.length) % links.length;
    const alt = links[at].querySelector('img').alt;
    image.src = links[at].href;
    image.alt = alt;
    caption.textContent = alt;
    caption.hidden = !alt;
  }

  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('.images a');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    links = [...link.closest('.images').querySelectorAll('a')];
    show(links.indexOf(link));
    viewer.showModal();
  });

  viewer.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowLeft') show(at - 1);
    if (event.key === 'ArrowRight') show(at + 1);
  });

  image.addEventListener('click', (event) => {
    if (links.length === 1) viewer.close();
    else show(event.clientX < innerWidth / 2 ? at - 1 : at + 1);
  });

  viewer.addEventListener('close', () => {
    image.removeAttribute('src');
    links[at]?.focus();
  });
})();
