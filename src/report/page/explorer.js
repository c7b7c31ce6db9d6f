/* The interactive parts of the report page, which is complete without them: each chart stands there as a drawing.
	 Every figure gets buttons that copy its chart and save its figures; on screen, figure#fan gets a live chart.
	 The page's policy forbids inline styles, and names may hold anything: texts only ever become text. */
(() => {
	'use strict';

	const THUMB = 24; // width of the cursor's handle, as in the stylesheet
	const QUANTILES = ['p5', 'p10', 'p25', 'p50', 'p75', 'p90', 'p95'];
	const EVERY = { month: 'monthly', quarter: 'quarterly', cumulative: 'cumulative' };
	// What can be shown, from back to front: as a band where there is a high end, else as a line.
	const KEY = [
		{ control: 'band-9', mark: 'band9', words: '9 futures in 10', low: 'p5', high: 'p95' },
		{ control: 'band-8', mark: 'band8', words: '8 in 10', low: 'p10', high: 'p90' },
		{ control: 'band-5', mark: 'band5', words: '5 in 10', low: 'p25', high: 'p75' },
		{ mark: 'median', words: 'median', low: 'p50' },
		{ mark: 'actual', words: 'actual', low: 'p50', of: 'past' },
		{ mark: 'base', words: '8 in 10 before', low: 'base90', of: 'all' },
		{ control: 'plan', mark: 'plan', words: 'plan line', low: 'plan', dashed: true },
		{ control: 'budget', mark: 'budget', words: 'budget', low: 'budget', dashed: true, of: 'all' },
		{ control: 'targets', mark: 'target', words: 'targets' },
	];

	const wanted = {}; // the choices made last: metric, scope, every
	const view = { at: 0 }; // what is shown: series, metric, scope, periods, count, past (how many have happened), targets; the cursor's period
	const off = new Set(); // the marks that were switched off
	const parts = {}; // the live elements
	let data = null;
	let frame = null; // where things lie in the chart

	// ---- Elements and texts

	const maker = (space) => (name, attributes = {}, ...children) => {
		const node = document.createElementNS(space, name);
		for (const [key, content] of Object.entries(attributes)) node.setAttribute(key, content);
		node.append(...children);
		return node;
	};
	const html = maker('http://www.w3.org/1999/xhtml');
	const svg = maker('http://www.w3.org/2000/svg');

	const css = (name, node = document.body) => getComputedStyle(node).getPropertyValue(name);
	const upper = (text) => text.charAt(0).toUpperCase() + text.slice(1);
	const known = Number.isFinite;
	const within = (x, low, high) => Math.max(low, Math.min(high, x));
	const pen = html('canvas').getContext('2d');

	function wide(text, font = '13px') {
		pen.font = `${font} ${css('font-family')}`;
		return pen.measureText(text).width;
	}

	const widest = (texts) => Math.max(0, ...[...new Set(texts)].map((text) => wide(text)));

	// ---- Figures as people read them

	// From which size on, divided by what, followed by what.
	const SCALES = {
		money: [[1e9, 1e9, 'bn'], [1e6, 1e6, 'M'], [1e4, 1e3, 'k']],
		count: [[1e9, 1e9, 'bn'], [1e6, 1e6, 'M']],
		percent: [[1e9, 1e9, 'bn']],
	};
	const scaleOf = (size) => SCALES[view.metric.unit].find(([from]) => size >= from) || [0, 1, ''];
	const clean = (x) => Number(x.toPrecision(12));
	const sizeOf = (x) => clean(Math.abs(view.metric.unit === 'percent' ? 100 * x : x));

	// The number's text, with the page's own signs.
	function written(text, suffix, negative) {
		const { decimal, group, symbol, first, gap } = data.number;
		const [whole, rest] = text.split('.');
		const number = whole.replace(/\B(?=(\d{3})+$)/g, () => group) + (rest ? decimal + rest : '') + suffix;
		const sign = negative ? '\u2212' : '';
		if (view.metric.unit === 'percent') return `${sign}${number}\u00A0%`;
		if (view.metric.unit === 'count') return sign + number;
		return first ? sign + symbol + gap + number : sign + number + gap + symbol;
	}

	// At most three digits that say something: €17.8M, 12,300, 241 %.
	function figure(x, digits = 3) {
		let size = Number(sizeOf(x).toPrecision(digits));
		// A tenth of a percent of a return says nothing.
		if (view.metric.unit === 'percent' && size >= 10) size = Math.round(size);
		const [, by, suffix] = scaleOf(size);
		return written(clean(size / by).toFixed(9).replace(/\.?0+$/, ''), suffix, x < 0 && size > 0);
	}

	// The labels of an axis, in one unit.
	function axisLabels(ticks) {
		const [, by, suffix] = scaleOf(Math.max(...ticks.map(sizeOf)));
		const sizes = ticks.map((tick) => clean(sizeOf(tick) / by));
		const decimals = Math.max(...sizes.map((size) => (String(size).split('.')[1] || '').length));
		return sizes.map((size, i) => (size ? written(size.toFixed(decimals), suffix, ticks[i] < 0) : written('0', '', false)));
	}

	// ---- What is shown, in words

	const value = (key, i) => view.series[key]?.[i];
	const said = (key, i) => (known(value(key, i)) ? figure(value(key, i)) : '');
	const goal = ({ name, level }) => `${name}: ${figure(level, 4)}`;
	const title = () => `${upper(view.metric.name)}, ${EVERY[view.series.every]}, ${view.scope.label}`;

	function range(low, high, i) {
		const [from, to] = [said(low, i), said(high, i)];
		return from && to && from !== to ? `${from} to ${to}` : '';
	}

	const same = (i) => said('p10', i) && said('p10', i) === said('p90', i);
	// Where many futures share a value, more than 8 in 10 lie from P10 to P90.
	const shared = (i) => QUANTILES.some((key, at) => at > 0 && known(value(key, i)) && value(key, i) === value(QUANTILES[at - 1], i));
	const inside = (i) => (shared(i) ? 'at least 8 chances in 10' : '8 chances in 10');
	const eight = (i) => (range('p10', 'p90', i) ? `; ${inside(i)} of ${range('p10', 'p90', i)}` : '');

	// What is known of a period, in sentences.
	function told(i) {
		const median = said('p50', i);
		const nine = range('p5', 'p95', i);
		if (i < view.past) return median ? `actual ${median}.` : 'not known.';
		let words = 'no forecast for this period.';
		if (median) words = same(i) ? `the same in at least 8 futures in 10: ${median}.` : `median ${median}${eight(i)}.`;
		if (median && nine && !shared(i)) words += ` 9 in 10 of ${nine}.`;
		if (said('plan', i)) words += ` Plan line: ${said('plan', i)}.`;
		if (said('budget', i)) words += ` Budget: ${said('budget', i)}.`;
		for (const target of view.targets) {
			if (target.at === null || target.at === i) words += ` Target “${target.name}”: ${figure(target.level, 4)}.`;
		}
		return words;
	}

	// What it comes to: "by the end of December 2029 about €188M; 8 chances in 10 of …".
	function finding() {
		const i = (view.series.p50 || []).findLastIndex(known);
		if (i < 0) return 'no forecast.';
		const when = (view.series.every === 'cumulative' ? '' : 'in ') + view.periods.names[i];
		return same(i) ? `${when} ${said('p50', i)}, the same in at least 8 futures in 10.` : `${when} about ${said('p50', i)}${eight(i)}.`;
	}

	// From which period to which a mark goes: what has happened, what is forecast, or all.
	const span = ({ of }) => [of ? 0 : view.past, of === 'past' ? view.past : view.count];
	const offered = (entry) => (entry.low ? view.series[entry.low]?.slice(...span(entry)).some(known) : view.targets.length > 0);
	const seen = (entry) => offered(entry) && !off.has(entry.mark);

	// ---- Where things lie

	// Round steps up to above the greatest value, 0 among them, and where the axis begins.
	function valueTicks() {
		const keys = [...QUANTILES, 'plan', 'base10', 'base90', ...(off.has('budget') ? [] : ['budget'])];
		const values = keys.flatMap((key) => view.series[key] || []).filter(known);
		if (!off.has('target')) values.push(...view.targets.map(({ level }) => level));
		const [low, high] = values.reduce(([least, most], x) => [Math.min(least, x), Math.max(most, x)], [0, 0]);
		if (low === high) return [[0], 0, 1];
		const power = 10 ** Math.floor(Math.log10((high - low) / 5));
		const step = power * [1, 2, 2.5, 5, 10].find((times) => times * power >= (high - low) / 5.000001);
		// A little below 0 needs no step of its own.
		const from = Math.floor(low / step + 0.3);
		const steps = Math.ceil(high / step - 1e-9) - from;
		const ticks = Array.from({ length: steps + 1 }, (_, i) => clean((from + i) * step));
		return [ticks, Math.min(low, ticks[0]), ticks.at(-1)];
	}

	function layOut(width, labels, low, high) {
		const most = Number(css('--plot-height')) || 440;
		const height = Math.round(within(width / 2, Math.min(260, most), most));
		const left = Math.ceil(Math.max(widest(labels), wide('Quarter') + 8)) + 10;
		const right = width - 12;
		const slot = (right - left) / view.count;
		frame = { width, height, left, right, slot, top: data.as_of ? 28 : 12, year: slot * (view.series.every === 'quarter' ? 4 : 12) };
		frame.names = axisNames();
		frame.bottom = height - (frame.names.some(([, , row]) => row) ? 46 : 28);
		// Flows stand in the middle of their period; what adds up from 0, at its end.
		frame.grows = view.series.every === 'cumulative' && view.count > 1;
		frame.x = (i) => left + (i + (frame.grows ? 1 : 0.5)) * slot;
		frame.y = (v) => frame.bottom - ((v - low) / (high - low)) * (frame.bottom - frame.top);
	}

	// The names below the axis, none of which touch: [text, x, row].
	function axisNames() {
		const { ticks, years } = view.periods;
		const { left, slot, year } = frame;
		const middle = (i) => left + (i + 0.5) * slot;
		const starts = years.flatMap((name, i) => (name ? [i] : []));
		const end = (k) => starts[k + 1] ?? view.count;
		const [need, room] = [widest(ticks) + 12, widest(years) + 12];
		const step = (view.series.every === 'quarter' ? [1, 2] : [1, 3, 6]).find((n) => n * slot >= need);
		if (!step) {
			const every = [1, 2, 5, 10, 20, 50].find((n) => n * year >= room) || 100;
			return starts.flatMap((from, k) => {
				const fits = (end(k) - from) * slot >= room || (k > 0 && end(k) < view.count);
				return fits && (Number(years[from]) || k) % every === 0 ? [[years[from], middle((from + end(k) - 1) / 2), 0]] : [];
			});
		}
		const january = starts.find((i) => i > 0) ?? 0;
		const named = [...ticks.keys()].filter((i) => (i - january) % step === 0);
		const second = starts.flatMap((from, k) => {
			const at = named.find((i) => i >= from && i < end(k));
			return at === undefined ? [] : [[years[from], middle(at), 1]];
		});
		// A first year of few periods gives way to the next one.
		if (second.length > 1 && second[1][1] - second[0][1] < room) second.shift();
		return [...named.map((i) => [ticks[i], middle(i), 0]), ...second];
	}

	// ---- Drawing

	const label = (words, x, y, name, anchor) => svg('text', { x, y, class: name, 'text-anchor': anchor }, words);
	const rule = (x1, y1, x2, y2, name) => svg('line', { x1, y1, x2, y2, class: name });
	const path = (points) => `M${points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join('L')}`;

	// The stretches of periods for which these values are known: [[0, 1, 2], [5, 6]].
	function stretches([from, to], ...keys) {
		const runs = [];
		for (let i = from; i < to; i += 1) {
			if (!keys.every((key) => known(value(key, i)))) continue;
			if (i > from && runs.at(-1)?.at(-1) === i - 1) runs.at(-1).push(i);
			else runs.push([i]);
		}
		return runs;
	}

	const pastEnd = () => frame.left + view.past * frame.slot;

	// Where what has happened ends and the fan opens: on the way from the last period of the past to the median of the next.
	function opening() {
		const [last, next] = [view.past - 1, view.past].map((i) => [frame.x(i), frame.y(value('p50', i))]);
		if (!known(last[1]) || !known(next[1])) return [];
		const x = pastEnd();
		return [[x, last[1] + ((next[1] - last[1]) * (x - last[0])) / (next[0] - last[0])]];
	}

	// A period that stands alone gets the width of a bar.
	function points(key, run, of) {
		const made = run.map((i) => [frame.x(i), frame.y(value(key, i))]);
		if (frame.grows && run[0] === 0) made.unshift([frame.left, frame.y(0)]);
		if (view.past && !of && run[0] === view.past) made.unshift(...opening());
		if (of === 'past' && !frame.grows && run.at(-1) === view.past - 1) made.push(...opening());
		if (made.length > 1) return made;
		const [x, y] = made[0];
		const half = Math.min(0.35 * frame.slot, 70);
		return [[x - half, y], [x + half, y]];
	}

	function mark(entry) {
		const { mark: name, low, high, dashed, of } = entry;
		if (!low) return [...view.targets.map(targetMark), ...targetNames()];
		if (name === 'base') return ['base10', 'base90'].map((key) => svg('path', { class: name, d: stretches(span(entry), key).map((run) => path(points(key, run, of))).join('') }));
		const d = high
			? stretches(span(entry), low, high).map((run) => `${path([...points(high, run), ...points(low, run).reverse()])}Z`).join('')
			: stretches(span(entry), low).map((run) => path(points(low, run, of))).join('');
		return [...(dashed ? [svg('path', { class: `${name}-edge`, d })] : []), svg('path', { class: name, d })];
	}

	function targetMark({ at, level }) {
		const y = frame.y(level);
		if (at === null) return rule(frame.left, y, frame.right, y, 'target');
		return svg('path', { class: 'target', d: `M${frame.x(at)},${y - 7}l7,7l-7,7l-7,-7z` });
	}

	// The targets' names where they hide nothing (or belong to a line); the cursor tells all of them.
	function targetNames() {
		const { left, right, width, bottom, x, y } = frame;
		const meets = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
		const taken = view.targets.map(({ at, level }) => (
			at === null ? [0, y(level), width, y(level)] : [x(at) - 8, y(level) - 8, x(at) + 8, y(level) + 8]));
		const band = stretches([0, view.count], 'p5', 'p95').flat().map((i) => [x(i), y(value('p95', i)), x(i) + 1, y(value('p5', i))]);
		return view.targets.flatMap((target) => {
			const [at, mid] = [x(target.at), y(target.level)];
			const length = wide(goal(target), '600 13px');
			const [lefts, middles] = target.at === null ? [[right - length, left + 6], [mid - 12, mid + 12]]
				: [[at + 12, at - length - 12], [mid, mid - 16, mid + 16]];
			const boxes = middles.flatMap((m) => lefts.map((from) => [from, m - 8, from + length, m + 8])).filter((box) => (
				box[0] >= left && box[2] <= width && box[1] >= 0 && box[3] <= bottom && !taken.some((other) => meets(box, other))));
			const best = boxes.find((box) => !band.some((other) => meets(box, other))) || (target.at === null && boxes[0]);
			if (!best) return [];
			taken.push(best);
			return [label(goal(target), best[0], best[3] - 3.5, 'target-name', 'start')];
		});
	}

	function grid(ticks, labels) {
		const { left, right, top, bottom, slot, year, y } = frame;
		const years = view.periods.years.flatMap((name, i) => (
			name && i && (year >= 40 || Number(name) % 10 === 0) ? [rule(left + i * slot, top, left + i * slot, bottom + 6, 'turn')] : []));
		const levels = ticks.flatMap((tick, i) => [rule(left, y(tick), right, y(tick), tick ? 'step' : 'zero'),
			label(labels[i], left - 10, y(tick) + 4.5, 'label', 'end')]);
		const names = frame.names.map(([words, x, row]) => label(words, x, bottom + 20 + 18 * row, row ? 'label year' : 'label', 'middle'));
		return svg('g', { class: 'grid' }, ...years, ...levels, ...names);
	}

	// The line at which the past ends, with the as-of day.
	function asOfLine() {
		if (!data.as_of) return [];
		const [x, words] = [pastEnd(), data.as_of.words];
		const fits = x + 5 + wide(words) <= frame.right;
		return [rule(x, frame.top - 14, x, frame.bottom, 'as-of'), label(words, fits ? x + 5 : x - 5, frame.top - 6, 'as-of-name', fits ? 'start' : 'end')];
	}

	// Marks on the axis where changes begin and one-off deals are won, if on time.
	function eventMarks() {
		const { left, slot, bottom } = frame;
		const shown = (data.events ?? []).filter(({ at }) => at[view.series.every] < view.count);
		return shown.map(({ words, at }) => {
			const x = left + at[view.series.every] * slot;
			return svg('g', { class: 'event' }, svg('title', {}, words), rule(x, bottom - 12, x, bottom));
		});
	}

	function draw() {
		const width = parts.plot.clientWidth;
		if (width) drawAt(width);
		moveTo(view.at);
	}

	function drawAt(width) {
		const [ticks, low, high] = valueTicks();
		const labels = axisLabels(ticks);
		layOut(width, labels, low, high);
		const { height, x } = frame;
		const { metric, scope, every } = view.series;
		const marks = KEY.filter(seen).map(mark);
		parts.cursor = svg('g', { class: 'cursor' });
		// Targets, drawn last, are not hidden by the cursor.
		marks.splice(view.targets.length && seen(KEY.at(-1)) ? -1 : marks.length, 0, parts.cursor);
		parts.chart = svg('svg', { width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': `${title()}: ${finding()}`,
			'data-metric': metric, 'data-scope': scope, 'data-every': every }, grid(ticks, labels), ...asOfLine(), ...marks.flat(), ...eventMarks());
		parts.plot.replaceChildren(parts.chart);
		head(`${title()}: ${finding()}`);
		// The handle stands right below the cursor's line.
		parts.range.style.marginLeft = `${x(0) - THUMB / 2}px`;
		parts.range.style.width = `${x(view.count - 1) - x(0) + THUMB}px`;
	}

	// What stands above the chart: what Rust wrote for the first view, else what is shown.
	function head(text) {
		const { metric, scope, every } = view.series;
		const first = !data.moved && metric === data.start.metric && scope === data.start.scope && every === data.start.every;
		const [strong, how] = ['strong', '.quiet'].map((found) => parts.figure.querySelector(`figcaption ${found}`));
		parts.headline ??= strong?.textContent;
		strong?.replaceChildren(first ? parts.headline : text);
		how?.toggleAttribute('hidden', !first);
	}

	function moveTo(i) {
		view.at = i;
		const period = upper(view.periods.names[i]);
		parts.range.value = i;
		const words = `, ${view.metric.name}, ${view.scope.label}: ${told(i)}`;
		parts.range.setAttribute('aria-valuetext', period + words);
		parts.readout.replaceChildren(html('strong', {}, period), words);
		if (!frame) return;
		const cx = frame.x(i);
		const keys = ['p10', 'p90', 'p50'].filter((key) => known(value(key, i)) && (key === 'p50' || (i >= view.past && !off.has('band8'))));
		parts.cursor.replaceChildren(rule(cx, frame.top, cx, frame.bottom, 'at'),
			...keys.map((key) => svg('circle', { cx, cy: frame.y(value(key, i)), r: 4, class: key })));
	}

	// ---- Choosing

	const shows = (metric, scope, every) => data.series.some((s) => (
		s.metric === metric && (!scope || s.scope === scope) && (!every || s.every === every)));

	// Shows what is nearest to what is wanted: same metric first, then same region or tag, then same periods.
	function choose(change) {
		Object.assign(wanted, change);
		const near = (s) => 8 * (s.metric === wanted.metric) + 4 * (s.scope === wanted.scope) + 2 * (s.every === wanted.every) + (s.scope === 'total');
		const series = data.series.reduce((best, s) => (near(s) > near(best) ? s : best));
		const before = view.count;
		// The main figure's period alone, until all months are asked for.
		const shown = wanted.whole ? undefined : data.until?.counts[series.every];
		const first = (of) => Object.fromEntries(Object.entries(of).map(([key, value]) => [key, Array.isArray(value) ? value.slice(0, shown) : value]));
		view.series = first(series);
		view.metric = data.metrics.find(({ key }) => key === series.metric);
		view.scope = data.scopes.find(({ key }) => key === series.scope);
		view.periods = first(data.every[series.every]);
		view.count = view.periods.names.length;
		view.past = data.as_of?.past[series.every] ?? 0;
		view.targets = data.targets.filter((t) => ['metric', 'scope', 'every'].every((key) => t[key] === series[key]) && !(t.at >= view.count));
		// A cursor that was moved stays in its month or quarter.
		if (view.moved) view.at = Math.floor(((view.at + 0.5) * view.count) / before);
		else view.at = view.targets.find(({ at }) => at !== null)?.at ?? view.count - 1;
		setControls(series);
		draw();
		fillTable();
	}

	function setControls({ metric, scope, every }) {
		parts.metric.value = metric;
		parts.scope.value = scope;
		for (const option of parts.metric.options) option.disabled = !shows(option.value);
		for (const option of parts.scope.options) option.disabled = !shows(metric, option.value);
		for (const radio of parts.every) {
			radio.checked = radio.value === every;
			radio.disabled = !shows(metric, scope, radio.value);
		}
		parts.label.textContent = every === 'quarter' ? 'Quarter' : 'Month';
		parts.range.max = view.count - 1;
		parts.slider.hidden = view.count < 2;
		KEY.forEach((entry, i) => { parts.keys.children[i].hidden = !offered(entry); });
	}

	const speak = (how) => parts.readout.setAttribute('aria-live', how);

	function change(what) {
		speak('polite');
		choose(what);
	}

	function select(control, words, groups) {
		const made = groups.filter(([, entries]) => entries.length).map(([group, entries]) => html('optgroup', { label: group },
			...entries.map(({ key, name, label: own }) => html('option', { value: key }, own ?? upper(name)))));
		parts[control] = html('select', { 'data-control': control }, ...(made.length > 1 ? made : made[0].children));
		parts[control].addEventListener('change', () => change({ [control]: parts[control].value }));
		return html('label', { class: 'choice' }, html('span', {}, words), parts[control]);
	}

	function choices() {
		const [totals, regions, tags] = ['total', 'region', 'tag'].map((kind) => data.scopes.filter((scope) => scope.kind === kind));
		parts.every = Object.keys(EVERY).map((every) => {
			const radio = html('input', { type: 'radio', name: 'every', value: every, 'data-control': 'every' });
			radio.addEventListener('change', () => change({ every }));
			return radio;
		});
		return html('div', { class: 'choices' }, select('metric', 'Metric', [['', data.metrics]]),
			select('scope', tags.length ? 'Region or tag' : 'Region', [['Total', totals], ['Regions', regions], ['Tags', tags]]),
			html('fieldset', { class: 'every' }, html('legend', { class: 'unseen' }, 'Periods'),
				...parts.every.map((radio) => html('label', {}, radio, html('span', {}, upper(EVERY[radio.value]))))), ...whole());
	}

	// The choice of all months, where the main figure's period is shorter.
	function whole() {
		if (!data.until) return [];
		const box = html('input', { type: 'checkbox', 'data-control': 'whole' });
		box.addEventListener('change', () => change({ whole: box.checked }));
		return [html('label', { class: 'whole' }, box, html('span', {}, upper(data.until.words)))];
	}

	function keys() {
		const made = KEY.map(({ control, mark: name, words }) => {
			const inside = [html('span', { class: `swatch ${name}` }), words];
			if (!control) return html('span', { class: 'key' }, ...inside);
			const button = html('button', { type: 'button', class: 'key', 'data-control': control, 'aria-pressed': true }, ...inside);
			button.addEventListener('click', () => {
				if (!off.delete(name)) off.add(name);
				button.setAttribute('aria-pressed', !off.has(name));
				draw();
			});
			return button;
		});
		parts.keys = html('div', { class: 'keys', role: 'group', 'aria-label': 'What the chart shows' }, ...made);
		return parts.keys;
	}

	function plot() {
		const follow = (event) => {
			if (!frame) return;
			const x = event.clientX - parts.chart.getBoundingClientRect().left;
			const i = within(Math.round((x - frame.x(0)) / frame.slot), 0, view.count - 1);
			if (i === view.at) return;
			speak('off');
			view.moved = true;
			moveTo(i);
		};
		parts.plot = html('div', { class: 'plot' });
		for (const type of ['pointermove', 'pointerdown']) parts.plot.addEventListener(type, follow);
		new ResizeObserver(() => requestAnimationFrame(() => {
			if (parts.plot.clientWidth !== frame?.width) draw();
		})).observe(parts.plot);
		return parts.plot;
	}

	function slider() {
		parts.label = html('label', { for: 'fan-cursor' });
		parts.range = html('input', { type: 'range', id: 'fan-cursor', min: 0, 'data-control': 'cursor' });
		// Only keys make the readout speak: a pointer would make it speak without end.
		parts.range.addEventListener('keydown', () => speak('polite'));
		parts.range.addEventListener('pointerdown', () => speak('off'));
		parts.range.addEventListener('input', () => {
			view.moved = true;
			moveTo(Number(parts.range.value));
		});
		parts.slider = html('div', { class: 'slider' }, parts.label, parts.range);
		return parts.slider;
	}

	// ---- The figures, as a table and as CSV

	function table() {
		parts.table = html('table');
		parts.figures = html('details', { class: 'figures' }, html('summary', {}, 'Figures'),
			html('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Figures' }, parts.table));
		parts.figures.addEventListener('toggle', fillTable);
		return parts.figures;
	}

	function fillTable() {
		if (!parts.figures.open) return;
		const heads = ['Period', '1 in 20 below (P5)', 'P10', 'P25', 'Median (P50)', 'P75', 'P90', 'P95', 'Plan line'];
		const rows = view.periods.names.map((name, i) => html('tr', {}, html('th', { scope: 'row' }, upper(name)),
			...[...QUANTILES, 'plan'].map((key) => html('td', {}, said(key, i) || '–'))));
		parts.table.replaceChildren(html('caption', {}, title()),
			html('thead', {}, html('tr', {}, ...heads.map((head) => html('th', { scope: 'col' }, head)))), html('tbody', {}, ...rows));
	}

	function fanRows() {
		const names = [...QUANTILES, 'plan', ...(view.series.budget ? ['budget'] : [])];
		return [['period', ...names], ...view.periods.names.map((period, i) => [period, ...names.map((key) => value(key, i))])];
	}

	const tableRows = (node) => [...node.rows].map((row) => [...row.cells].flatMap((cell) => [
		cell.querySelector('data')?.value ?? cell.textContent.trim().replace(/\s+/g, ' '), ...Array(cell.colSpan - 1).fill('')]));

	// No spreadsheet shall take a text for a formula.
	function csvCell(content) {
		const words = String(content ?? '');
		const safe = /^[=+\-@\t\r]/.test(words) && !/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(words) ? `'${words}` : words;
		return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
	}

	function save(blob, name) {
		const link = html('a', { href: URL.createObjectURL(blob), download: name });
		link.click();
		setTimeout(() => URL.revokeObjectURL(link.href), 10000);
		return 'Saved as file';
	}

	// ---- Pictures

	const LOOKS = ('fill fill-opacity stroke stroke-opacity stroke-width stroke-dasharray stroke-linejoin stroke-linecap opacity display '
		+ 'visibility font-family font-size font-weight font-style text-anchor dominant-baseline paint-order').split(' ');

	// The chart's text, which looks the same without the page's stylesheet; without the cursor, which only a page explains.
	function frozen(source, width, height) {
		const copy = source.cloneNode(true);
		const copies = [copy, ...copy.querySelectorAll('*')];
		[source, ...source.querySelectorAll('*')].forEach((node, i) => {
			for (const look of LOOKS) copies[i].setAttribute(look, css(look, node));
			copies[i].removeAttribute('style');
		});
		copy.querySelector('.cursor')?.remove();
		copy.setAttribute('viewBox', source.getAttribute('viewBox') || `0 0 ${width} ${height}`);
		copy.setAttribute('width', 2 * width);
		copy.setAttribute('height', 2 * height);
		// Control characters are no XML.
		return new XMLSerializer().serializeToString(copy).replace(/[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]/g, '');
	}

	// Writes what the fan shows, what it comes to, and its key; returns the height taken.
	function heading(ink, room) {
		let [x, y] = [0, 0];
		const place = (length, height) => {
			if (x + length > room || y === 0) [x, y] = [0, y + height];
			x += length;
			return x - length;
		};
		const write = (words, font, paint) => {
			ink.font = `${font} ${css('font-family')}`;
			ink.fillStyle = css(paint);
			x = room;
			for (const word of words.split(' ')) ink.fillText(word, place(wide(`${word} `, font), 21), y);
		};
		write(title(), '600 16px', '--ink');
		write(upper(finding()), '13px', '--quiet');
		[x, y] = [room, y + 4];
		for (const { mark: name, words, high, dashed } of KEY.filter(seen)) {
			const from = place(wide(words) + 44, 21);
			ink.fillStyle = css(`--${name}`);
			if (name === 'target') ink.fillText('◆', from + 4, y);
			else for (const dash of dashed ? [0, 7, 14] : [0]) ink.fillRect(from + dash, y - (high ? 10 : 6), dashed ? 5 : 19, high ? 11 : 3);
			ink.fillStyle = css('--ink');
			ink.fillText(words, from + 26, y);
		}
		return y + 16;
	}

	async function picture(source, head) {
		const { width, height } = source.getBoundingClientRect();
		const image = new Image();
		await new Promise((done, fail) => {
			[image.onload, image.onerror] = [done, fail];
			image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(frozen(source, width, height))}`;
		});
		const pad = 16;
		const top = pad + (head ? head(pen, width) : 0);
		const canvas = html('canvas', { width: 2 * (width + 2 * pad), height: 2 * (top + height + pad) });
		const ink = canvas.getContext('2d');
		ink.scale(2, 2);
		ink.fillStyle = css('--paper');
		ink.fillRect(0, 0, canvas.width, canvas.height);
		ink.translate(pad, pad);
		head?.(ink, width);
		ink.drawImage(image, 0, top - pad, width, height);
		return new Promise((done, fail) => { canvas.toBlob((blob) => (blob ? done(blob) : fail(blob)), 'image/png'); });
	}

	async function copyOrSave(made, name) {
		made.catch(() => {}); // told by whoever waits for it below
		try {
			await navigator.clipboard.write([new ClipboardItem({ 'image/png': made })]);
			return 'Copied';
		} catch {
			return save(await made, name);
		}
	}

	// ---- The buttons of a figure

	function action(name, words, status, act) {
		const button = html('button', { type: 'button', 'data-action': name }, words);
		let timer = 0;
		const tell = (label, spoken) => {
			button.textContent = label;
			status.textContent = spoken;
		};
		button.addEventListener('click', async () => {
			const done = await act().catch(() => 'Not possible here');
			button.style.minWidth = `${button.offsetWidth}px`;
			tell(done, done);
			clearTimeout(timer);
			timer = setTimeout(tell, 2000, words, '');
		});
		return button;
	}

	function addActions(node, { names, source, head, rows }) {
		const file = (end) => `${['revcast', ...names()].map((name) => name.toLowerCase().replace(/[^a-z0-9]+/g, '-')).join('-')}.${end}`;
		const text = () => rows().map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
		const status = html('span', { role: 'status', class: 'unseen' });
		const buttons = [action('copy-png', 'Copy as PNG', status, async () => copyOrSave(picture(source(), head), file('png')))];
		if (rows) buttons.push(action('download-csv', 'Download figures (CSV)', status, async () => save(new Blob([text()], { type: 'text/csv' }), file('csv'))));
		node.append(html('div', { class: 'actions' }, ...buttons, status));
	}

	function still(node) {
		const figures = node.querySelector('table');
		addActions(node, {
			names: () => [node.dataset.name],
			source: () => [...node.querySelectorAll('.drawing svg')].find((drawing) => drawing.getClientRects().length),
			rows: figures && (() => tableRows(figures)),
		});
	}

	function explore(node) {
		data = JSON.parse(document.getElementById('data').textContent);
		parts.figure = node;
		parts.readout = html('p', { class: 'readout', 'aria-live': 'polite', 'data-part': 'readout' });
		parts.live = html('div', { class: 'live' }, choices(), keys(), plot(), slider(), parts.readout, table());
		if (data.note) parts.live.append(html('p', { class: 'note' }, data.note));
		node.querySelector('.drawing').after(parts.live);
		choose(data.start);
		// Where inputs are moved, the figures move too.
		document.addEventListener('forecast', ({ detail: { series, base } }) => {
			data.moved = true;
			data.series = [{ ...series, base10: base?.p10, base90: base?.p90 }];
			choose({});
		});
		addActions(node, {
			names: () => [view.series.metric, view.series.scope, view.series.every], source: () => parts.chart, head: heading, rows: fanRows,
		});
	}

	const page = document.documentElement;
	page.classList.add('js');
	for (const node of document.querySelectorAll('figure.chart')) {
		try {
			(node.id === 'fan' ? explore : still)(node);
		} catch {
			// Without data that can be shown, the drawing stays.
			page.classList.remove('js');
			parts.live?.remove();
			still(node);
		}
	}
})();
