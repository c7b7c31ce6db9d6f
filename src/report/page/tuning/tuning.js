/* The page whose inputs can be moved. Two workers hold the engine: one plays few futures while an input moves, the other all of them when it rests.
	 What they answer, range and chances as markup among it, is the engine's, in which names are escaped; all other texts only ever become text. */
(() => {
	'use strict';

	const AT_REST = 10000; // futures, unless the link says otherwise
	const WHILE_MOVING = 1000; // futures, unless fewer are played at rest
	const PAUSE = 90; // milliseconds without a move, after which all futures are played
	const LONG = 600; // milliseconds of waiting, after which that is said
	const page = document.documentElement;
	const found = (id) => document.getElementById(id);
	const all = (selector) => [...document.querySelectorAll(selector)];
	const changes = new Map(); // what is changed, by path or lever, in the order of the last moves
	const inputs = new Map(all('.input').map((node) => [node.dataset.path, node]));
	const scenario = JSON.parse(found('scenario').textContent);
	const targets = (scenario.scenario.targets ?? []).map(({ name }) => name);
	let trials = AT_REST;
	let version = 0; // of the changes
	let shown = [0, 0]; // version and number of futures of what is shown
	let resting = 0; // timer
	let partly = false; // whether some targets take longer than the main figure
	let latest = null; // the last answer

	const PLAYING = 'Playing all futures…';
	const tell = (words) => { found('message').textContent = words; };

	// ---- The engine

	// A worker that is asked one question at a time; of those that wait, the last of each kind.
	class Player {
		constructor(answered) {
			this.answered = answered;
			this.waiting = new Map();
			this.asked = null;
			this.begin();
		}

		begin() {
			const url = URL.createObjectURL(new Blob([found('worker').textContent], { type: 'text/javascript' }));
			this.worker = new Worker(url);
			this.ready = new Promise((done, failed) => {
				this.worker.onerror = (event) => failed(new Error(event.message || 'the worker did not start'));
				this.worker.onmessage = ({ data }) => {
					if (data.module) Player.module = data.module;
					else if (data.failed) failed(new Error(data.failed));
					else if (data.ready) done();
					else this.take(data);
				};
			});
			this.ready.catch(() => {});
		}

		open(packed) {
			this.worker.postMessage(Player.module ? { module: Player.module, scenario: Player.scenario } : { ...packed, scenario: Player.scenario });
			return this.ready;
		}

		ask(question, kind = 'forecast', answered = this.answered) {
			this.waiting.set(kind, { question, answered, version });
			this.next();
		}

		next() {
			if (this.asked || !this.waiting.size) return;
			const [[kind, asked]] = this.waiting;
			this.waiting.delete(kind);
			this.asked = asked;
			this.worker.postMessage({ version: asked.version, question: JSON.stringify(asked.question) });
		}

		take({ version: of, answer, broken }) {
			const { answered } = this.asked;
			this.asked = null;
			if (broken) {
				this.worker.terminate();
				this.begin();
				this.open().then(() => this.next(), (error) => tell(`The engine does not start again: ${error.message}.`));
				answered(of, { faults: `These changes cannot be played: ${broken}.` });
				return;
			}
			answered(of, JSON.parse(answer));
			this.next();
		}
	}

	let quick = null;
	let whole = null;

	const adjustments = () => [...changes.values()];
	const question = (more) => ({ adjustments: adjustments(), trials, ...more });

	// Plays what is changed: a few futures at once, all of them when it rests.
	function play() {
		version += 1;
		const few = Math.min(trials, WHILE_MOVING);
		quick.ask(question({ trials: few, quick: partly }));
		if (partly) whole.ask(question({ trials: few }), 'few');
		clearTimeout(resting);
		resting = setTimeout(rest, PAUSE);
		page.removeAttribute('data-forecast');
	}

	function rest() {
		const of = version;
		setTimeout(() => {
			if (of === version && !page.dataset.forecast && !found('message').textContent) tell(PLAYING);
		}, LONG);
		if (partly) quick.ask(question({ quick: true }));
		whole.ask(question());
	}

	// ---- What is shown

	function answered(of, answer) {
		if (answer.faults) {
			if (of === version) refuse(answer);
			return;
		}
		const { state } = answer;
		// Neither what is stale nor fewer futures take the place of what is shown.
		if (of < shown[0] || (of === shown[0] && state.trials < shown[1])) return;
		const complete = Object.keys(state.targets).length >= targets.length;
		shown = [of, state.trials];
		latest = answer;
		found('range').innerHTML = answer.range;
		showChances(answer.chances, complete);
		document.dispatchEvent(new CustomEvent('forecast', { detail: answer }));
		showChanges(answer);
		if (complete && state.trials === trials && of === version) atRest(answer);
	}

	// A change that cannot be played is taken back.
	function refuse({ faults, at }) {
		const key = [...changes.keys()][at ?? changes.size - 1];
		if (key !== undefined) reset(key);
		tell(faults);
	}

	function atRest(answer) {
		const { state } = answer;
		if (found('message').textContent === PLAYING) tell('');
		page.dataset.forecast = JSON.stringify(state);
		found('played').textContent = answer.played;
		const lead = found('range').textContent;
		found('spoken').textContent = all('#chances li').filter((row) => row.querySelector('.chance')).map(inWords).concat(lead).join('. ');
		history.replaceState(null, '', fragment() ? `#${fragment()}` : location.pathname + location.search);
	}

	// "Year 1: 37 in 100 (was 47 in 100)"
	function inWords(row) {
		const [now, was] = row.querySelector('.chance').childNodes;
		return `${row.querySelector('.target b').textContent}: ${now.textContent.trim()}${was?.textContent.trim() ? ` (${was.textContent.trim()})` : ''}`;
	}

	// A target that was left out keeps its chance until it has been played.
	function showChances(markup, complete) {
		const place = found('chances');
		if (!place) return;
		const before = new Map([...place.querySelectorAll('li')].map((row) => [row.querySelector('.target b')?.textContent, row]));
		if (complete) place.innerHTML = markup;
		else {
			const made = document.createElement('div');
			made.innerHTML = markup;
			for (const row of made.querySelectorAll('li')) before.get(row.querySelector('.target b')?.textContent)?.replaceWith(row);
		}
		const first = place.querySelector('li');
		found('glance').textContent = first ? inWords(first) : '';
	}

	function showChanges({ changes: told, said }) {
		const keys = [...changes.keys()];
		const list = found('changes');
		const rows = told.map(({ words, effect }, i) => {
			const row = document.createElement('li');
			row.append(`${words}: ${effect}`);
			const button = document.createElement('button');
			button.type = 'button';
			button.textContent = 'Reset';
			button.setAttribute('aria-label', `Reset ${words}`);
			button.addEventListener('click', () => reset(keys[i]));
			row.append(button);
			return row;
		});
		// While an input moves its change may be newer than the answer.
		if (rows.length === keys.length) list.replaceChildren(...rows);
		list.closest('.changes').hidden = keys.length === 0;
		keys.forEach((key, i) => { if (inputs.has(key) && said[i]) showValue(inputs.get(key), said[i]); });
		for (const [key, node] of inputs) if (!changes.has(key)) showValue(node, node.dataset.said);
	}

	function showValue(node, said) {
		const range = node.querySelector('input[type=range]');
		node.querySelector('output').textContent = said;
		range.setAttribute('aria-valuetext', node.dataset.said === said ? said : `${said}, was ${node.dataset.said}`);
		const moved = changes.has(node.dataset.path);
		node.classList.toggle('moved', moved);
		node.querySelector('[data-reset]').hidden = !moved;
	}

	// ---- Moving

	// What is moved last is told last.
	function change(key, adjustment) {
		changes.delete(key);
		if (adjustment) changes.set(key, adjustment);
		tell('');
		play();
	}

	const isKnown = (node) => 'together' in node.dataset || (node.querySelector('[data-fix]')?.checked ?? false);

	function move(node, to) {
		const { path } = node.dataset;
		const value = Number(node.dataset.value);
		const isBase = to === value && 'together' in node.dataset;
		if (isKnown(node)) change(path, isBase ? null : { set: path, to });
		else change(path, to === value ? null : { move: path, to });
	}

	const decimals = (step) => Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));

	// The value at so many steps from where it stands: a multiple of the step, but for where it stands itself.
	function valueAt(node, steps) {
		const [value, step] = [Number(node.dataset.value), Number(node.dataset.step)];
		if (steps === 0) return value;
		return Number((Math.round(value / step + steps) * step).toFixed(decimals(step)));
	}

	function stepsOf(node, to) {
		return Math.round((to - Number(node.dataset.value)) / Number(node.dataset.step));
	}

	function place(node, to, known) {
		node.querySelector('input[type=range]').value = stepsOf(node, to);
		const fix = node.querySelector('[data-fix]');
		if (fix) fix.checked = known;
		node.dataset.to = to;
	}

	function reset(key) {
		const node = inputs.get(key);
		if (node) place(node, Number(node.dataset.value), false);
		for (const box of all('[data-lever]')) if (`lever ${box.dataset.lever}` === key) box.checked = false;
		for (const list of all('[data-choice]')) if (list.dataset.choice === key) list.value = '';
		change(key, null);
	}

	function listen() {
		for (const node of inputs.values()) {
			node.dataset.said = node.querySelector('output').textContent;
			node.dataset.to = node.dataset.value;
			const range = node.querySelector('input[type=range]');
			const steps = () => Number(range.value);
			range.addEventListener('input', () => {
				node.dataset.to = valueAt(node, steps());
				move(node, Number(node.dataset.to));
			});
			node.querySelector('[data-fix]')?.addEventListener('change', () => move(node, Number(node.dataset.to)));
			node.querySelector('[data-reset]').addEventListener('click', () => {
				reset(node.dataset.path);
				range.focus();
			});
			node.querySelector('[data-goal]')?.addEventListener('click', () => seek(node));
		}
		for (const box of all('[data-lever]')) {
			box.addEventListener('change', () => change(`lever ${box.dataset.lever}`, box.checked ? { pull: box.dataset.lever } : null));
		}
		for (const list of all('[data-choice]')) {
			const path = list.dataset.choice;
			list.addEventListener('change', () => change(path, list.value ? { set: path, to: Number(list.value) } : null));
		}
		found('reset').addEventListener('click', () => {
			for (const key of [...changes.keys()]) reset(key);
			found('inputs').focus();
		});
		found('save').addEventListener('click', save);
		found('copy-options').addEventListener('click', () => copy(command()));
		found('copy-link').addEventListener('click', () => copy(`${location.href.split('#')[0]}#${fragment()}`));
		addEventListener('hashchange', () => {
			for (const key of [...changes.keys()]) reset(key);
			fromLink();
			play();
		});
	}

	// ---- The goal

	function seek(node) {
		const { path } = node.dataset;
		const range = node.querySelector('input[type=range]');
		const between = [range.min, range.max].map((steps) => valueAt(node, Number(steps)));
		const chance = Number(found('goal-chance').value) / 100;
		const target = found('goal-target').value;
		const label = node.querySelector('label').textContent;
		if (!(chance > 0 && chance < 1)) {
			tell('The goal is a chance of 1 to 99 in 100.');
			return;
		}
		tell(`Looking for what ${label} would have to be…`);
		const near = Number(node.dataset.to);
		whole.ask(question({ solve: { path, between, near, target, chance, known: isKnown(node) } }), 'solve', (of, { at, faults, words }) => {
			if (typeof at === 'number') {
				place(node, at, isKnown(node));
				move(node, at);
			}
			tell(faults ?? words);
		});
	}

	// ---- Out again, and in

	const percentEncoded = (option) => option.split('=').map((part) => encodeURIComponent(part).replace(/%5B/g, '[').replace(/%5D/g, ']')).join('=');
	const quoted = (text) => (/^[\w.,:=/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
	const command = () => ['revcast run', quoted(scenario.file), ...latest.options.map((option) => `--set ${quoted(option)}`),
		`--trials ${trials}`, `--seed ${latest.state.seed}`].join(' ');

	function fragment() {
		const levers = all('[data-lever]').filter((box) => box.checked).map((box) => `lever=${box.dataset.lever}`);
		return latest.link.concat(levers).map(percentEncoded).concat(trials === AT_REST ? [] : [`trials=${trials}`]).join('&');
	}

	async function copy(text) {
		const area = found('copied');
		area.value = text;
		area.hidden = false;
		try {
			await navigator.clipboard.writeText(text);
			tell('Copied.');
		} catch {
			area.select();
			tell('Selected, to be copied by hand.');
		}
	}

	function save() {
		whole.ask(question({ save: true }), 'save', (of, { scenario: text, faults }) => {
			if (faults) {
				tell(faults);
				return;
			}
			const link = document.createElement('a');
			link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
			link.download = `${scenario.file.replace(/\.json$/, '')}-changed.json`;
			link.click();
			setTimeout(() => URL.revokeObjectURL(link.href), 10000);
			tell(`Saved as ${link.download}. It extends ${scenario.file}, beside which it belongs.`);
		});
	}

	// The changes that a link holds: the options joined by &.
	function fromLink() {
		const wrong = [];
		trials = AT_REST;
		for (const part of location.hash.slice(1).split('&').filter(Boolean)) {
			const at = part.indexOf('=');
			let [path, text] = ['', ''];
			try {
				[path, text] = [part.slice(0, at), part.slice(at + 1)].map(decodeURIComponent);
			} catch {
				// Not percent-encoded as it should be.
			}
			if (at < 1 || !path) wrong.push(part);
			else if (path === 'trials') {
				if (/^\d{1,6}$/.test(text) && Number(text) >= 1 && Number(text) <= 100000) trials = Number(text);
				else wrong.push(part);
			} else if (path === 'lever') {
				const box = all('[data-lever]').find((known) => known.dataset.lever === text);
				if (!box) wrong.push(part);
				else {
					box.checked = true;
					changes.set(`lever ${text}`, { pull: text });
				}
			} else taken(path, text);
		}
		if (wrong.length) tell(`The link contains what this page does not know: ${wrong.join(', ')}.`);
	}

	function taken(path, text) {
		let to = text;
		try {
			to = JSON.parse(text);
		} catch {
			// What is no JSON is taken as text.
		}
		const mean = path.endsWith('.mean') && inputs.get(path.slice(0, -5));
		const fixed = typeof to === 'number' && inputs.get(path);
		if (mean && typeof to === 'number' && !changes.has(mean.dataset.path)) {
			place(mean, to, false);
			changes.set(mean.dataset.path, { move: mean.dataset.path, to });
		} else {
			if (fixed) place(fixed, to, true);
			for (const list of all('[data-choice]')) if (list.dataset.choice === path) list.value = String(to);
			changes.set(path, { set: path, to });
		}
	}

	// ---- Beginning

	async function isWhole(node) {
		// Only some old browsers cannot tell.
		if (!globalThis.crypto?.subtle) return true;
		const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(node.textContent)));
		return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('') === node.dataset.sha256;
	}

	async function begin() {
		if (typeof WebAssembly === 'undefined' || typeof Worker === 'undefined') return;
		Player.scenario = found('scenario').textContent;
		const [packed, unpack] = ['engine', 'unpack'].map(found).map((node) => ({ text: node.textContent, size: Number(node.dataset.bytes) }));
		for (const node of all('script[data-sha256]')) {
			if (!(await isWhole(node))) throw new Error(`its ${node.id} is not the one that it was made with`);
		}
		quick = new Player(answered);
		await quick.open({ packed, unpack });
		listen();
		fromLink();
		for (const set of all('fieldset.inputs')) set.disabled = false;
		found('needs').remove();
		page.classList.add('tunes');
		// The first answer says whether some targets take longer.
		quick.ask(question({ trials: Math.min(trials, WHILE_MOVING), quick: true }), 'forecast', (of, answer) => {
			partly = !answer.faults && Object.keys(answer.state.targets).length < targets.length;
			answered(of, answer);
		});
		whole = new Player(answered);
		await whole.open();
		play();
	}

	begin().catch((error) => {
		found('needs')?.remove();
		tell(`Its inputs cannot be moved: this file is damaged, or the browser does not run its engine (${error.message}).`);
	});
})();
