/** A question on the screen: native controls only, so keyboard, screen readers and voice control work as people know them. */
import { seedOf, shuffleBy } from '#lib/domain/authoring/draw-questions.ts';
import type {
	ChoiceQuestion,
	FillInQuestion,
	MatchQuestion,
	NumericQuestion,
	OrderQuestion,
	Question,
	Response
} from '#lib/domain/authoring/question.ts';
import { feedbackFor, isRight, rightResponse } from '#lib/domain/authoring/score-question.ts';
import { fill, h, html, icon, wordsOf } from './dom.ts';
import type { LessonData } from './lesson-data.ts';

export type QuestionView = {
	readonly element: HTMLElement;
	response(): Response;
	/** What to say when there is no answer yet. */
	readonly missing: string;
	/** Shows what was given and locks the controls; `given` restores an earlier answer. */
	settle(given: Response): void;
	reopen(): void;
};

/** @param seed decides in which order options stand; the same seed shows them the same way again. */
export function questionView(
	lesson: LessonData,
	question: Question,
	seed: number,
	announce: (message: string) => void
): QuestionView {
	switch (question.type) {
		case 'single':
		case 'multiple':
		case 'true-false':
			return choiceView(lesson, question, seed);
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
		...feedbackFor(question, response).map((text) => html('p', {}, text)),
		...(isIncomplete(question, response) ? [h('p', {}, words.somethingMissing)] : []),
		...(right || !withAnswer ? [] : [rightAnswerView(lesson, question)])
	);
}

/** Several answers fit and one of them was not chosen: the feedback of the others does not say so. */
function isIncomplete(question: Question, response: Response): boolean {
	return question.type === 'multiple' && question.options.some(({ id, correct }) => correct && !response.includes(id));
}

function rightAnswerView({ words }: LessonData, question: Question): HTMLElement {
	const answer = h('div', { class: 'answer' }, h('p', {}, h('strong', {}, `${words.rightAnswer}:`)));
	switch (question.type) {
		case 'single':
		case 'multiple':
		case 'true-false':
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
	const type = question.type === 'multiple' ? 'checkbox' : 'radio';
	// "True" stands before "false" for everybody.
	const shown = question.type === 'true-false' ? question.options : shuffled(question.options, question, seed);
	const inputs = shown.map((option) =>
		h('input', { type, name: question.id, value: option.id, id: `${question.id}-${option.id}` })
	);
	const options = shown.map((option, n) =>
		h(
			'label',
			{ class: 'option', for: `${question.id}-${option.id}`, 'data-option': option.id },
			inputs[n] as HTMLInputElement,
			...(option.picture === undefined ? [] : [optionPicture(lesson, option.picture)]),
			html('span', { class: 'option-text' }, option.text)
		)
	);
	const withPictures = question.options.some((option) => option.picture !== undefined);
	return {
		element: frame(
			lesson,
			question,
			question.type === 'multiple' ? words.chooseAll : words.chooseOne,
			h('div', { class: withPictures ? 'options with-pictures' : 'options' }, ...options)
		),
		missing: words.chooseFirst,
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
	const rights = shuffled(question.pairs, question, seed);
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
					'aria-label': fill(label, { t: name }),
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
		announce(fill(words.moved, { t: wordsOf(text), n: to + 1, m: order.length }));
	}
	show();
	return {
		element: frame(lesson, question, words.orderHint, list),
		missing: words.chooseFirst,
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
	const mixed = shuffled(question.items, question, seed).map(({ id }) => id);
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
		question.picture === undefined
			? null
			: html(
					'div',
					{ class: 'picture', role: 'img', 'aria-label': question.picture.alt },
					lesson.pictures[question.picture.file] ?? ''
				),
		hint === '' ? null : h('p', { class: 'hint' }, hint),
		controls
	);
}

function optionPicture(lesson: LessonData, picture: { file: string; alt: string }): HTMLElement {
	return html(
		'span',
		{ class: 'option-picture', role: 'img', 'aria-label': picture.alt },
		lesson.pictures[picture.file] ?? ''
	);
}

function shuffled<T>(items: readonly T[], question: Question, seed: number): readonly T[] {
	return shuffleBy(items, seedOf(`${question.id}/${seed}`));
}

function hidden(words: string): HTMLElement {
	return h('span', { class: 'unseen' }, words);
}
