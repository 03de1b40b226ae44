// Messengers and networks that open links in a browser of their own, where the camera often fails.

/** By what they say in their user agent, most specific first. */
const APPS = /** @type {const} */ ([
  ['instagram', /Instagram/i],
  ['tiktok', /TikTok|musical_ly|BytedanceWebview|trill_/i],
  ['telegram', /Telegram/i],
  ['whatsapp', /WhatsApp/i],
  ['vk', /VKAndroidApp|VKClient|VKiOSApp|vk-?app|\bVK\//i],
  ['max', /\bMAX(?:Messenger|App)?\/|OneMe|ru\.oneme/i],
  ['facebook', /FBAN|FBAV|FB_IAB|FBIOS|MessengerForiOS|Messenger\//i],
]);

/**
 * The app whose browser this is, or ''.
 * @param {string} agent
 */
export function appOf(agent) {
  const known = APPS.find(([, pattern]) => pattern.test(agent));
  if (known) return known[0];
  // Android marks every browser inside an app
  return /Android.*; wv\)/.test(agent) ? 'app' : '';
}

/**
 * An address that the phone opens in its own browser, or '' where only a menu of the app does.
 * @param {string} address
 * @param {string} system
 * @param {string} app
 */
export function wayOut(address, system, app) {
  const {protocol, host, pathname, search} = new URL(address);
  const scheme = protocol.slice(0, -1);
  if (system === 'android') {
    const fallback = encodeURIComponent(address);
    const more = `scheme=${scheme};action=android.intent.action.VIEW;S.browser_fallback_url=${fallback}`;
    return `intent://${host}${pathname}${search}#Intent;${more};end`;
  }
  // Meta's apps and TikTok let only their own menu leave
  const held = ['instagram', 'facebook', 'tiktok'].includes(app);
  return system === 'ios' && scheme === 'https' && !held
    ? `x-safari-https://${host}${pathname}${search}`
    : '';
}
