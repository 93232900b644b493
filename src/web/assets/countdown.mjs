/** Keeps the countdowns of a page running, counts ticked notices on their button, and copies what a form asks for. The page works without it. */
const loadedMs = performance.now();
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

function span(ms) {
  const left = Math.abs(ms);
  const whole = Math.floor;
  if (left >= dayMs) return `${whole(left / dayMs)} d ${whole((left % dayMs) / hourMs)} h`;
  if (left >= hourMs) return `${whole(left / hourMs)} h ${whole((left % hourMs) / minuteMs)} min`;
  if (left >= 10 * minuteMs) return `${whole(left / minuteMs)} min`;
  if (left >= minuteMs) return `${whole(left / minuteMs)} min ${whole((left % minuteMs) / 1000)} s`;
  return `${whole(left / 1000)} s`;
}

function tick() {
  const passedMs = performance.now() - loadedMs;
  for (const element of document.querySelectorAll('[data-left-ms]')) {
    const left = Number(element.dataset.leftMs) - passedMs * Number(element.dataset.speed);
    const words = left >= 0 ? `in ${span(left)}` : `OVERDUE by ${span(left)}`;
    if (element.textContent !== words) element.textContent = words;
    element.classList.toggle('overdue', left < 0);
    element.classList.toggle('tight', left >= 0 && left < dayMs);
    element.classList.toggle('calm', left >= dayMs);
  }
}

function countTicked(form) {
  const button = form.querySelector('[data-approve]');
  if (button === null) return;
  const count = form.querySelectorAll('input[name="notice"]:checked').length;
  button.textContent = `Approve ${count} ${count === 1 ? 'notice' : 'notices'}`;
  button.disabled = count === 0;
}

function addCopyButton(value) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'quiet copy-value';
  button.textContent = 'Copy';
  button.setAttribute(
    'aria-label',
    `Copy: ${value.previousElementSibling?.textContent.trim() ?? ''}`,
  );
  const text = value.textContent;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
  });
  value.append(' ', button);
}

setInterval(tick, 1000);
if (navigator.clipboard !== undefined) {
  document.querySelectorAll('[data-copy]').forEach(addCopyButton);
}
for (const form of document.querySelectorAll('form.approve')) {
  form.addEventListener('change', () => countTicked(form));
}
document.querySelector('.error-summary')?.focus();
