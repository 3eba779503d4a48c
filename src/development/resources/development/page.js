// The development page: a phone that runs the sample, the calls it causes, and switches for WeChat's bad days.

import { byId, calm, el, icon } from '/dev/dom.js';
import { offerDoctor } from '/dev/doctor.js';
import { startLanguage } from '/dev/language.js';
import { loadSample } from '/dev/mini.js';
import { Stage } from '/dev/stage.js';
import { firstLook, keepLooking } from '/dev/state.js';

/* Scenes: what a newcomer should see, in order. The next one calls for attention. */

const SCENES = ['login', 'phone', 'revoke'];
const seen = new Set();

function done(scene) {
  seen.add(scene);
  byId(`scene-${scene}`).classList.add('done');
  suggest();
}

function suggest() {
  const next = SCENES.find((scene) => !seen.has(scene));
  SCENES.forEach((scene) => byId(`scene-${scene}`).classList.toggle('next', scene === next));
}

/** While a scene plays, what would begin another rests. Not `disabled`: the keyboard's focus stays where it is. */
function rest(isOver) {
  document.body.classList.toggle('playing', !isOver);
  for (const button of document.querySelectorAll('.scenes button, #faults button, #kick')) {
    button.setAttribute('aria-disabled', !isOver);
  }
  suggest();
}

/** On a small screen the diagram lies below the phone: its last message stands above it, too. */
function tick({ label, status, result, fault }) {
  const bad = fault || status >= 400 || status === 0;
  const answer = status === undefined ? '…' : el('code', { class: bad ? 'bad' : 'good' }, `${status || '✕'} ${result}`);
  byId('ticker').replaceChildren(icon('down'), el('code', {}, label), answer);
}

/** Whoever begins something further down sees what it does to the phone. */
function showPhone() {
  byId('frame').scrollIntoView({ block: 'nearest', behavior: calm ? 'auto' : 'smooth' });
}

function connect(stage) {
  const scenes = {
    'scene-login': () => stage.login(),
    'scene-phone': () => stage.bindPhone(),
    'scene-revoke': () => stage.revoke(),
    kick: () => stage.revoke(),
  };
  for (const [id, scene] of Object.entries(scenes)) byId(id).addEventListener('click', () => stage.play(scene));
  for (const id of [...Object.keys(scenes), 'faults']) byId(id).addEventListener('click', showPhone);
}

/* Start */

async function start() {
  startLanguage();
  byId('origin').textContent = location.origin;
  const state = await firstLook();
  offerDoctor(state);
  byId('own').hidden = !state.weChatOwn;
  document.body.classList.add(state.weChatOwn ? 'with-wechat' : 'with-simulator');
  byId('curl').textContent = state.weChatOwn
    ? `curl -s ${location.origin}/api/login -H 'Content-Type: application/json' -d '{"code":"CODE"}'`
    : `curl -s ${location.origin}/sim/login -d '{}'`;
  if (state.weChatOwn) {
    keepLooking(() => {});
    return;
  }
  byId('stage').hidden = false;
  const stage = new Stage({
    sample: await loadSample(), appId: state.apps[0], onMessage: tick, onScene: done, onRest: rest,
  });
  connect(stage);
  keepLooking(() => stage.faults.follow());
  await stage.faults.refresh();
  await stage.play(() => stage.launch());
}

start();
