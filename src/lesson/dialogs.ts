/** What opens over a screen: the contents, and the meaning of a word. */
import { h, html, icon } from './dom.ts';
import type { LessonData } from './lesson-data.ts';
import type { LessonState, Place } from './lesson-state.ts';
import { isQuizOpen } from './lesson-state.ts';
import { fill } from './words.ts';

export function contentsDialog(
	root: HTMLElement,
	lesson: LessonData,
	state: LessonState,
	does: { go(place: Place): void; size(by: 1 | -1): void; simple(on: boolean): void }
): void {
	const { words } = lesson;
	const here = state.at.kind === 'screen' ? lesson.screens[state.at.index]?.unit : undefined;
	const jump = (place: Place): void => {
		dialog.close();
		does.go(place);
	};
	const units = lesson.units.map((unit, n) => {
		const screens = lesson.screens.flatMap((screen, index) => (screen.unit === n ? [{ screen, index }] : []));
		const seen = screens.filter(({ index }) => state.seen.has(index)).length;
		const standing =
			seen === 0
				? words.notBegun
				: seen < screens.length
					? fill(lesson.language, words.goingOn, { n: seen, m: screens.length })
					: words.done;
		return h(
			'details',
			{ open: n === here, 'data-unit': unit.id },
			h(
				'summary',
				{},
				h(
					'span',
					{ class: 'unit-name' },
					h('span', { class: 'tag' }, fill(lesson.language, words.unit, { n: n + 1 })),
					unit.title
				),
				h(
					'span',
					{ class: `standing${seen === screens.length ? ' is-right' : ''}` },
					seen === screens.length ? icon('right') : null,
					standing
				)
			),
			h(
				'ul',
				{},
				...screens.map(({ screen, index }) =>
					h(
						'li',
						{},
						h(
							'button',
							{
								type: 'button',
								class: 'row',
								'data-goto': screen.id,
								'aria-current': state.at.kind === 'screen' && state.at.index === index ? 'page' : undefined,
								onclick: () => jump({ kind: 'screen', index })
							},
							h('span', {}, screen.title),
							state.seen.has(index)
								? h('span', { class: 'is-right' }, icon('right'), h('span', { class: 'unseen' }, words.done))
								: null
						)
					)
				)
			)
		);
	});
	const open = isQuizOpen(lesson, state);
	const dialog = openDialog(
		root,
		words.contents,
		words.close,
		h(
			'div',
			{ class: 'sizes', role: 'group', 'aria-label': words.textSize },
			sizeButton(words.textSmaller, 'smaller', 'A−', () => does.size(-1)),
			sizeButton(words.textLarger, 'larger', 'A+', () => does.size(1)),
			simpleButton(words.simple, state.simple, does.simple)
		),
		h(
			'button',
			{ type: 'button', class: 'row first', 'data-goto': 'start', onclick: () => jump({ kind: 'start' }) },
			lesson.title
		),
		...units,
		h(
			'button',
			{
				type: 'button',
				class: 'row first',
				'data-goto': 'quiz',
				onclick: () => jump({ kind: state.best !== null && state.at.kind === 'results' ? 'results' : 'quiz-intro' })
			},
			h('span', {}, words.quiz),
			open ? null : h('span', { class: 'standing' }, icon('lock'), words.quizLocked)
		)
	);
}

/** The one control of the simple mode; it says by its state whether it is on. */
export function simpleButton(label: string, on: boolean, change: (on: boolean) => void): HTMLElement {
	const button = h(
		'button',
		{
			type: 'button',
			class: 'button second simple-mode',
			'data-action': 'simple',
			'aria-pressed': String(on),
			onclick: () => {
				const next = button.getAttribute('aria-pressed') !== 'true';
				button.setAttribute('aria-pressed', String(next));
				change(next);
			}
		},
		h('bdi', { class: 'size-larger', 'aria-hidden': 'true' }, 'A'),
		h('span', {}, label)
	);
	return button;
}

function sizeButton(label: string, action: 'smaller' | 'larger', sign: string, press: () => void): HTMLElement {
	return h(
		'button',
		{ type: 'button', class: 'button second', 'data-action': action, onclick: press },
		h('bdi', { class: `size-${action}`, 'aria-hidden': 'true' }, sign),
		h('span', {}, label)
	);
}

export function wordDialog(
	root: HTMLElement,
	{ words }: LessonData,
	entry: { readonly term: string; readonly meaning: string }
): void {
	openDialog(
		root,
		words.glossary,
		words.close,
		html('p', { class: 'lead' }, `<strong>${entry.term}</strong>`),
		html('p', {}, entry.meaning)
	);
}

/** Native dialog: it keeps the focus inside, closes on Escape, and gives the focus back. */
function openDialog(
	root: HTMLElement,
	title: string,
	close: string,
	...children: readonly HTMLElement[]
): HTMLDialogElement {
	const dialog = h(
		'dialog',
		{
			'aria-label': title,
			onclose: () => dialog.remove(),
			onclick: (event) => {
				if (event.target === dialog) dialog.close();
			}
		},
		h(
			'div',
			{ class: 'dialog-body' },
			h(
				'div',
				{ class: 'dialog-head' },
				h('h2', {}, title),
				h(
					'button',
					{ type: 'button', class: 'button quiet', 'data-action': 'close', onclick: () => dialog.close() },
					icon('wrong'),
					h('span', {}, close)
				)
			),
			...children
		)
	);
	root.append(dialog);
	dialog.showModal();
	return dialog;
}
