/** A question on the screen: native controls only, so keyboard, screen readers and voice control work as people know them. */
import { seedOf, shuffleBy } from '#lib/domain/authoring/draw-questions.ts';
import type {
	ChoiceQuestion,
	FillInQuestion,
	HotSpotQuestion,
	MatchQuestion,
	NumericQuestion,
	Option,
	OrderQuestion,
	Picture,
	Question,
	Region,
	Response,
	ScenarioQuestion
} from '#lib/domain/authoring/question.ts';
import { feedbackFor, isAnswered, isRight, rightResponse } from '#lib/domain/authoring/score-question.ts';
import type { Box } from '#lib/domain/authoring/region.ts';
import { boundsOf, viewBoxOf } from '#lib/domain/authoring/region.ts';
import { h, html, icon, svg, wordsOf } from './dom.ts';
import type { LessonData } from './lesson-data.ts';
import { fill } from './words.ts';

export type QuestionView = {
	readonly element: HTMLElement;
	response(): Response;
	/** What to say when there is no answer yet. */
	readonly missing: string;
	/** Shows what was given and locks the controls; `given` restores an earlier answer. */
	settle(given: Response): void;
	reopen(): void;
	/** Of a question in steps: takes the answer to the step that is open. False after the last one. */
	step?(): boolean;
	/** Is there enough on the screen to be judged, or to take the next step? */
	answered(): boolean;
};

/**
 * @param seed decides in which order options stand; the same seed shows them the same way again.
 * @param begun steps of a scenario that were answered before
 */
export function questionView(
	lesson: LessonData,
	question: Question,
	seed: number,
	announce: (message: string) => void,
	begun: Response
): QuestionView {
	switch (question.type) {
		case 'single':
		case 'multiple':
		case 'true-false':
			return choiceView(lesson, question, seed);
		case 'hot-spot':
			return hotSpotView(lesson, question);
		case 'scenario':
			return scenarioView(lesson, question, seed, begun);
		case 'match':
			return matchView(lesson, question, seed);
		case 'order':
			return orderView(lesson, question, seed, announce);
		case 'numeric':
		case 'fill-in':
			return typedView(lesson, question);
	}
}

/** Feedback after an answer, by sign and word, not by colour alone. `withAnswer`: also say what would have been right. */
export function feedbackView(
	lesson: LessonData,
	question: Question,
	response: Response,
	withAnswer: boolean
): HTMLElement {
	const right = isRight(question, response);
	const { words } = lesson;
	return h(
		'div',
		{ class: `feedback ${right ? 'is-right' : 'is-wrong'}`, tabindex: '-1', 'data-result': right ? 'right' : 'wrong' },
		h('p', { class: 'verdict' }, icon(right ? 'right' : 'wrong'), h('strong', {}, right ? words.right : words.wrong)),
		// A scenario has said it below each step.
		...(question.type === 'scenario' ? [] : feedbackFor(question, response)).map((text) => html('p', {}, text)),
		...(isIncomplete(question, response) ? [h('p', {}, words.somethingMissing)] : []),
		...(right || !withAnswer ? [] : [rightAnswerView(lesson, question)])
	);
}

/** Several answers fit and one of them was not chosen: the feedback of the others does not say so. */
function isIncomplete(question: Question, response: Response): boolean {
	if (question.type !== 'multiple' && question.type !== 'hot-spot') return false;
	const right = question.options.filter(({ correct }) => correct);
	return right.length > 1 && right.some(({ id }) => !response.includes(id));
}

function rightAnswerView({ words }: LessonData, question: Question): HTMLElement {
	const answer = h('div', { class: 'answer' }, h('p', {}, h('strong', {}, `${words.rightAnswer}:`)));
	switch (question.type) {
		case 'single':
		case 'multiple':
		case 'true-false':
		case 'hot-spot':
			answer.append(
				h('ul', {}, ...question.options.filter((option) => option.correct).map((option) => html('li', {}, option.text)))
			);
			break;
		case 'match':
			answer.append(
				h(
					'ul',
					{},
					...question.pairs.map((pair) => h('li', {}, html('span', {}, pair.left), ' – ', html('span', {}, pair.right)))
				)
			);
			break;
		case 'scenario':
			answer.append(
				h(
					'ol',
					{},
					...question.steps.map(({ options }) => html('li', {}, options.find(({ correct }) => correct)?.text ?? ''))
				)
			);
			break;
		case 'order':
			answer.append(h('ol', {}, ...question.items.map((item) => html('li', {}, item.text))));
			break;
		case 'numeric':
			answer.append(h('p', {}, h('bdi', {}, `${question.answer} ${question.unit}`.trim())));
			break;
		case 'fill-in':
			answer.append(h('p', {}, h('bdi', {}, rightResponse(question)[0] ?? '')));
	}
	return answer;
}

function choiceView(lesson: LessonData, question: ChoiceQuestion, seed: number): QuestionView {
	const { words } = lesson;
	const several = question.type === 'multiple';
	// "True" stands before "false" for everybody.
	const shown = question.type === 'true-false' ? question.options : shuffled(question.options, question.id, seed);
	const list = optionList(lesson, question.id, shown, several);
	return {
		...list,
		element: frame(lesson, question, several ? words.chooseAll : words.chooseOne, list.element),
		missing: words.chooseFirst
	};
}

/**
 * The places stand twice: in the picture, for a finger, and as a list with the same numbers, for keyboards, screen
 * readers and whoever prefers words. Only the list holds controls; the picture moves them.
 */
function hotSpotView(lesson: LessonData, question: HotSpotQuestion): QuestionView {
	const { words } = lesson;
	const several = question.options.filter(({ correct }) => correct).length > 1;
	const list = optionList(lesson, question.id, question.options, several);
	list.element.classList.add('numbered');
	const element = frame(lesson, question, several ? words.spotAll : words.spotOne, list.element);
	const inputs = [...list.element.querySelectorAll('input')];
	const frameOfPicture =
		viewBoxOf(lesson.pictures[question.picture.file] ?? '') ??
		boundsOf({ shape: 'rect', x: 0, y: 0, width: 320, height: 180 });
	const places = question.options.map((option, n) =>
		placeInPicture(frameOfPicture, option.region, n + 1, option.id, () => inputs[n]?.click())
	);
	element.querySelector('.picture > svg')?.append(...places);
	const mark = (): void =>
		inputs.forEach((input, n) => {
			const option = question.options[n];
			const settled = input.disabled && input.checked;
			places[n]?.classList.toggle('is-chosen', input.checked);
			places[n]?.classList.toggle('is-right', settled && option?.correct === true);
			places[n]?.classList.toggle('is-wrong', settled && option?.correct === false);
		});
	list.element.addEventListener('change', mark);
	list.element.addEventListener('focusin', (event) =>
		places.forEach((place, n) => place.classList.toggle('has-focus', inputs[n] === event.target))
	);
	list.element.addEventListener('focusout', () => places.forEach((place) => place.classList.remove('has-focus')));
	return {
		...list,
		element,
		missing: words.spotFirst,
		settle(given) {
			list.settle(given);
			mark();
		},
		reopen() {
			list.reopen();
			mark();
		}
	};
}

/** A region of the picture with its number. */
function placeInPicture(frame: Box, region: Region, number: number, id: string, press: () => void): SVGElement {
	const { left, top } = boundsOf(region);
	// At its upper left corner, where it hides least; never half outside of the picture.
	const x = Math.min(Math.max(left, frame.left + 12), frame.right - 12);
	const y = Math.min(Math.max(top, frame.top + 12), frame.bottom - 12);
	const shape =
		region.shape === 'rect'
			? svg('rect', { x: region.x, y: region.y, width: region.width, height: region.height, rx: 6 })
			: region.shape === 'circle'
				? svg('circle', { cx: region.x, cy: region.y, r: region.radius })
				: svg('polygon', { points: region.points.join(' ') });
	const label = svg('text', { x, y, dy: '0.36em', 'text-anchor': 'middle' });
	label.textContent = String(number);
	const place = svg(
		'g',
		{ class: 'spot', 'data-spot': id },
		shape,
		svg('circle', { cx: x, cy: y, r: 11, class: 'spot-badge' }),
		label
	);
	place.addEventListener('click', press);
	return place;
}

/** Step after step: the next one shows when the one before has been answered, and answered steps stay as they are. */
function scenarioView(lesson: LessonData, question: ScenarioQuestion, seed: number, begun: Response): QuestionView {
	const { words } = lesson;
	const given: string[] = [];
	const steps = question.steps.map((step, n) => {
		const list = optionList(
			lesson,
			`${question.id}.${n + 1}`,
			shuffled(step.options, `${question.id}/${n}`, seed),
			false
		);
		const said = h('div', { class: 'outcome', role: 'status' });
		const element = h(
			'fieldset',
			{ class: 'step', 'data-step': String(n + 1) },
			html(
				'legend',
				{ tabindex: '-1' },
				`<span class="tag">${fill(lesson.language, words.stepOf, { n: n + 1, m: question.steps.length })}</span><span>${step.prompt}</span>`
			),
			list.element,
			said
		);
		return {
			...list,
			element,
			settle(id: string) {
				list.settle([id]);
				said.replaceChildren(html('p', {}, step.options.find((option) => option.id === id)?.feedback ?? ''));
			},
			clear() {
				list.reopen();
				said.replaceChildren();
			}
		};
	});
	const body = h('div', { class: 'scenario' });
	const open = (): void => {
		const next = steps[given.length];
		if (next !== undefined) body.append(next.element);
	};
	const take = (id: string): boolean => {
		steps[given.length]?.settle(id);
		given.push(id);
		open();
		return given.length < steps.length;
	};
	open();
	for (const id of begun.slice(0, steps.length - 1)) take(id);
	return {
		element: frame(lesson, question, '', body),
		missing: words.chooseFirst,
		answered: () => steps[given.length]?.answered() === true,
		response: () => [...given],
		step() {
			const more = take(steps[given.length]?.response()[0] ?? '');
			if (more) steps[given.length]?.element.querySelector('legend')?.focus();
			return more;
		},
		settle(all) {
			for (const id of all.slice(given.length)) take(id);
		},
		reopen() {
			given.length = 0;
			body.replaceChildren();
			for (const { clear } of steps) clear();
			open();
			steps[0]?.element.querySelector('input')?.focus();
		}
	};
}

type OptionList = Pick<QuestionView, 'element' | 'answered' | 'response' | 'settle' | 'reopen'>;

/** Options as radio buttons, or as boxes when several may be chosen. */
function optionList(lesson: LessonData, name: string, shown: readonly Option[], several: boolean): OptionList {
	const { words } = lesson;
	const inputs = shown.map((option) =>
		h('input', { type: several ? 'checkbox' : 'radio', name, value: option.id, id: `${name}-${option.id}` })
	);
	const options = shown.map((option, n) =>
		h(
			'label',
			{ class: 'option', for: `${name}-${option.id}`, 'data-option': option.id },
			inputs[n] as HTMLInputElement,
			...(option.picture === undefined ? [] : [namedPicture(lesson, 'span', 'option-picture', option.picture)]),
			html('span', { class: 'option-text' }, option.text)
		)
	);
	const withPictures = shown.some((option) => option.picture !== undefined);
	return {
		element: h('div', { class: withPictures ? 'options with-pictures' : 'options' }, ...options),
		answered: () => inputs.some((input) => input.checked),
		response: () =>
			inputs
				.filter((input) => input.checked)
				.map((input) => input.value)
				.sort(),
		settle(given) {
			shown.forEach((option, n) => {
				const input = inputs[n] as HTMLInputElement;
				const label = options[n] as HTMLElement;
				input.checked = given.includes(option.id);
				input.disabled = true;
				label.querySelector('.mark')?.remove();
				if (input.checked) {
					label.classList.add(option.correct ? 'is-right' : 'is-wrong');
					label.append(
						h(
							'span',
							{ class: 'mark' },
							icon(option.correct ? 'right' : 'wrong'),
							hidden(option.correct ? words.right : words.wrong)
						)
					);
				}
			});
		},
		reopen() {
			options.forEach((label, n) => {
				label.classList.remove('is-right', 'is-wrong');
				label.querySelector('.mark')?.remove();
				Object.assign(inputs[n] as HTMLInputElement, { disabled: false, checked: false });
			});
			inputs[0]?.focus();
		}
	};
}

function matchView(lesson: LessonData, question: MatchQuestion, seed: number): QuestionView {
	const { words } = lesson;
	const rights = shuffled(question.pairs, question.id, seed);
	const selects = question.pairs.map((pair) =>
		h(
			'select',
			{ id: `${question.id}-${pair.id}`, 'data-left': pair.id },
			h('option', { value: '' }, words.choose),
			...rights.map((other) => h('option', { value: other.id, 'data-option': other.id }, other.right))
		)
	);
	const rows = question.pairs.map((pair, n) =>
		h(
			'div',
			{ class: 'pair' },
			html('label', { for: `${question.id}-${pair.id}` }, pair.left),
			selects[n] as HTMLSelectElement
		)
	);
	return {
		element: frame(lesson, question, words.matchHint, h('div', { class: 'pairs' }, ...rows)),
		missing: words.matchFirst,
		answered: () => selects.every((select) => select.value !== ''),
		response: () => selects.map((select) => select.value),
		settle(given) {
			question.pairs.forEach((pair, n) => {
				const select = selects[n] as HTMLSelectElement;
				const row = rows[n] as HTMLElement;
				const chosen = question.pairs.find(({ id }) => id === given[n]);
				const right = chosen?.right === pair.right;
				select.value = given[n] ?? '';
				select.disabled = true;
				row.querySelector('.mark')?.remove();
				row.classList.add(right ? 'is-right' : 'is-wrong');
				row.append(
					h('span', { class: 'mark' }, icon(right ? 'right' : 'wrong'), hidden(right ? words.right : words.wrong))
				);
			});
		},
		reopen() {
			rows.forEach((row, n) => {
				row.classList.remove('is-right', 'is-wrong');
				row.querySelector('.mark')?.remove();
				(selects[n] as HTMLSelectElement).disabled = false;
			});
			selects[0]?.focus();
		}
	};
}

function orderView(
	lesson: LessonData,
	question: OrderQuestion,
	seed: number,
	announce: (message: string) => void
): QuestionView {
	const { words } = lesson;
	const rows = new Map(question.items.map((item) => [item.id, row(item.id, item.text)]));
	let order = startingOrder(question, seed);
	let settled = false;
	const list = h('ol', { class: 'order' });
	const show = (): void => {
		list.append(...order.map((id) => rows.get(id) as HTMLElement));
		order.forEach((id, n) => {
			for (const button of (rows.get(id) as HTMLElement).querySelectorAll('button')) {
				// Not `disabled`: a button that vanishes under the finger takes the focus with it.
				const end = button.dataset['action'] === 'up' ? n === 0 : n === order.length - 1;
				button.setAttribute('aria-disabled', String(settled || end));
			}
		});
	};
	function row(id: string, text: string): HTMLElement {
		const name = wordsOf(text);
		const button = (action: 'up' | 'down', label: string): HTMLElement =>
			h(
				'button',
				{
					type: 'button',
					class: 'move',
					'data-action': action,
					'aria-label': fill(lesson.language, label, { t: name }),
					onclick: (event) => move(id, action === 'up' ? -1 : 1, event.currentTarget as HTMLElement)
				},
				icon(action)
			);
		return h(
			'li',
			{ 'data-option': id },
			html('span', { class: 'option-text' }, text),
			h('span', { class: 'moves' }, button('up', words.moveUp), button('down', words.moveDown))
		);
	}
	function move(id: string, by: 1 | -1, button: HTMLElement): void {
		const from = order.indexOf(id);
		const to = from + by;
		if (settled || to < 0 || to >= order.length) return;
		const next = [...order];
		[next[from], next[to]] = [next[to] as string, next[from] as string];
		order = next;
		show();
		button.focus();
		const text = question.items.find((item) => item.id === id)?.text ?? '';
		announce(fill(lesson.language, words.moved, { t: wordsOf(text), n: to + 1, m: order.length }));
	}
	show();
	return {
		element: frame(lesson, question, words.orderHint, list),
		missing: words.chooseFirst,
		answered: () => true,
		response: () => order,
		settle(given) {
			settled = true;
			order = given.length === order.length ? given : order;
			show();
		},
		reopen() {
			settled = false;
			show();
			list.querySelector('button')?.focus();
		}
	};
}

/** Never the right order to begin with: leaving everything as it stands must not be an answer. */
function startingOrder(question: OrderQuestion, seed: number): readonly string[] {
	const right = question.items.map(({ id }) => id);
	const mixed = shuffled(question.items, question.id, seed).map(({ id }) => id);
	return mixed.join() === right.join() ? [...right.slice(1), right[0] as string] : mixed;
}

function typedView(lesson: LessonData, question: NumericQuestion | FillInQuestion): QuestionView {
	const { words } = lesson;
	const numeric = question.type === 'numeric';
	const unit = question.type === 'numeric' ? question.unit : '';
	const input = h('input', {
		type: 'text',
		id: `${question.id}-typed`,
		class: 'typed',
		maxlength: '80',
		autocomplete: 'off',
		autocapitalize: 'off',
		spellcheck: 'false',
		inputmode: numeric ? 'decimal' : 'text',
		'data-input': question.id,
		'aria-describedby': unit === '' ? undefined : `${question.id}-unit`
	});
	return {
		element: frame(
			lesson,
			question,
			'',
			h(
				'div',
				{ class: 'typing' },
				h('label', { for: input.id }, numeric ? words.typeNumber : words.typeWord),
				h('span', { class: 'typed-line' }, input, unit === '' ? null : h('bdi', { id: `${question.id}-unit` }, unit))
			)
		),
		missing: numeric ? words.typeNumberFirst : words.typeFirst,
		answered: () => isAnswered(question, [input.value]),
		response: () => [input.value.trim()],
		settle(given) {
			input.value = given[0] ?? '';
			input.readOnly = true;
		},
		reopen() {
			input.readOnly = false;
			input.select();
			input.focus();
		}
	};
}

function frame(lesson: LessonData, question: Question, hint: string, controls: HTMLElement): HTMLElement {
	return h(
		'fieldset',
		{ class: 'question', 'data-question': question.id, 'data-type': question.type },
		html('legend', {}, `<span>${question.prompt}</span>`),
		question.picture === undefined ? null : namedPicture(lesson, 'div', 'picture', question.picture),
		hint === '' ? null : h('p', { class: 'hint' }, hint),
		controls
	);
}

/** An edition without photos says in words what they show. */
function namedPicture(lesson: LessonData, tag: 'div' | 'span', className: string, picture: Picture): HTMLElement {
	const markup = lesson.pictures[picture.file];
	return markup === undefined
		? h(tag, { class: `${className} in-words` }, picture.alt)
		: html(tag, { class: className, role: 'img', 'aria-label': picture.alt }, markup);
}

function shuffled<T>(items: readonly T[], id: string, seed: number): readonly T[] {
	return shuffleBy(items, seedOf(`${id}/${seed}`));
}

function hidden(words: string): HTMLElement {
	return h('span', { class: 'unseen' }, words);
}
