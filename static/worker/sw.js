// The service worker: it shows pushes, opens what they tell of, keeps the subscription of this
// browser, and shows a page of its own when there is no network. It keeps nothing of anybody:
// the page for offline is fetched without cookies.
'use strict';

const cacheName = 'offline-STYLE';
const offline = '/offline';
const kept = [offline, '/static/STYLE'];
const again = 5 * 60 * 1000; // the least time between two renewals of the subscription, in ms

self.addEventListener('install', (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(cacheName);
    await cache.addAll(kept.map((path) => new Request(path, { credentials: 'omit', cache: 'reload' })));
    await self.skipWaiting();
  })());
});

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name !== cacheName).map((name) => caches.delete(name)));
    await self.registration.navigationPreload?.enable();
    await self.clients.claim();
    await renew();
  })());
});

// Pages come from the network alone. The rest, and all that is sent, is not touched.
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { pathname } = new URL(request.url);
  if (pathname === '/static/STYLE' && request.mode !== 'navigate') {
    event.respondWith(fromNetworkOrKept(fetch(request), request));
    return;
  }
  if (request.method === 'POST' && /^\/sign-/.test(pathname)) renewed = 0;
  if (request.mode !== 'navigate' || request.method !== 'GET') return;
  event.respondWith(fromNetworkOrKept(answer(event), offline));
  event.waitUntil(renew());
});

async function answer(event) {
  return await event.preloadResponse || fetch(event.request);
}

async function fromNetworkOrKept(response, instead) {
  try {
    return await response;
  } catch (error) {
    const found = await caches.match(instead, { cacheName });
    if (found) return found;
    throw error;
  }
}

let renewed = 0; // when the subscription was renewed; this worker may end at any time

// The server forgets a browser at sign-out, and browsers and push services lose subscriptions:
// each visit says again that this browser is to be told, if its user wants that still.
async function renew() {
  const { pushManager } = self.registration;
  if (!pushManager || self.Notification?.permission !== 'granted' || Date.now() - renewed < again) return;
  renewed = Date.now();
  try {
    const response = await fetch('/push/key');
    if (!response.ok || response.redirected || response.headers.get('Push-Wanted') !== 'true') return;
    const key = (await response.text()).trim();
    let subscription = await pushManager.getSubscription();
    if (subscription && !isFor(subscription, key)) {
      await subscription.unsubscribe();
      subscription = null;
    }
    subscription ??= await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    const sent = await fetch('/push/subscriptions?silently=true', {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(subscription),
    });
    if (sent.status === 410) await subscription.unsubscribe(); // removed from another device
  } catch { // without a network, or the push service is away: the next visit tries again
    renewed = 0;
  }
}

// isFor reports whether a subscription is for the key of the server.
function isFor(subscription, key) {
  const { applicationServerKey } = subscription.options;
  if (!applicationServerKey) return true;
  const text = btoa(String.fromCharCode(...new Uint8Array(applicationServerKey)));
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '') === key;
}

self.addEventListener('pushsubscriptionchange', (event) => {
  renewed = 0;
  event.waitUntil(renew());
});

self.addEventListener('push', (event) => {
  event.waitUntil(show(event.data));
});

async function show(data) {
  let push;
  try {
    push = data.json();
  } catch {
    return;
  }
  await setBadge(push);
  if (!push.always && await isOnScreen(push.place ?? push.url)) return;
  await self.registration.showNotification(push.title, {
    body: push.body, tag: push.tag, renotify: Boolean(push.tag), lang: push.lang,
    icon: '/static/ICON', badge: '/static/BADGE', data: { url: push.url },
  });
}

let version = 0; // of the badge

async function setBadge(push) {
  if (!Number.isInteger(push.badge) || push.version < version) return;
  version = push.version ?? version;
  try {
    if (push.badge > 0) await navigator.setAppBadge?.(push.badge);
    else await navigator.clearAppBadge?.();
  } catch { // the app is not installed
  }
}

// isOnScreen reports whether the user looks at the very place. All else must be shown: a
// browser that gets pushes and shows none takes the permission away.
async function isOnScreen(url) {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  return windows.some((w) => w.focused && isAt(w, url));
}

function isAt(w, url) {
  return new URL(w.url).pathname === placeOf(url).pathname;
}

// placeOf returns the URL of a place, which is never one of another site.
function placeOf(url) {
  const place = new URL(url ?? '/', self.location.origin);
  return place.origin === self.location.origin ? place : new URL('/', self.location.origin);
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.url));
});

async function open(url) {
  const place = placeOf(url);
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const there = windows.find((w) => w.url === place.href) ?? windows.find((w) => isAt(w, url));
  if (!there) return self.clients.openWindow(place.href);
  await there.focus();
  if (there.url === place.href) return undefined;
  return there.navigate(place.href).catch(() => self.clients.openWindow(place.href));
}
