/** The lesson on the screen: one place at a time, one next step, everything saved before the next thing is shown. */
import type { Question, Response } from '#lib/domain/authoring/question.ts';
import { isRight } from '#lib/domain/authoring/score-question.ts';
import { contentsDialog, simpleButton, wordDialog } from './dialogs.ts';
import { h, html, icon, wordsOf } from './dom.ts';
import type { IconName } from './dom.ts';
import type { LessonData, LessonPart, LessonScreen } from './lesson-data.ts';
import type { LessonState, Place } from './lesson-state.ts';
import {
	answerCheck,
	answerQuiz,
	answerSteps,
	goTo,
	isQuizFinished,
	isQuizOpen,
	objectiveResults,
	placeAfter,
	placeBefore,
	questionsOf,
	resultsOf,
	rightToPass,
	screensLeft,
	standingOf,
	startQuiz,
	tick
} from './lesson-state.ts';
import { feedbackView, questionView } from './question-view.ts';
import type { QuestionView } from './question-view.ts';
import { readAloud } from './read-aloud.ts';
import type { ReadAloud } from './read-aloud.ts';
import { encodeState, placeName } from './suspend-data.ts';
import type { Tracker } from './tracker.ts';
import { fill } from './words.ts';

const TEXT_SIZES = ['100%', '125%', '150%', '200%'];
const SIMPLE_SIZE = 2;

export type LessonApp = {
	/** Writes what is not yet written; for when the page may go away. */
	save(): void;
};

/** @param resumed true when `state` comes from an earlier session. */
export function startLesson(
	root: HTMLElement,
	lesson: LessonData,
	tracker: Tracker,
	initial: LessonState,
	resumed: boolean
): LessonApp {
	const { words } = lesson;
	let state = initial;
	let over = false;
	let reader: ReadAloud | null = null;
	let shownAt = performance.now();

	const where = h('p', { class: 'where' });
	const meter = h('div', { class: 'meter', 'aria-hidden': 'true' }, h('span'));
	const contents = button('contents', words.contents, 'menu', () => openContents(), 'quiet');
	const listen = button('listen', words.listen, 'listen', () => toggleListening(), 'quiet');
	listen.hidden = true;
	const notice = h('p', { class: 'notice', role: 'alert', hidden: true });
	const status = h('p', { class: 'unseen', role: 'status' });
	const main = h('main');
	const footer = h('footer', { class: 'bar' });
	root.append(h('header', { class: 'bar' }, contents, where, listen, meter), notice, main, footer, status);

	const announce = (message: string): void => {
		status.textContent = message;
	};

	readAloud(lesson.language, (found) => {
		reader = found;
		listen.hidden = false;
	});

	/** Every change of state goes through here: saved first, shown after. */
	function change(next: LessonState): void {
		state = next;
		save();
	}

	function save(): void {
		if (over) return;
		tracker.save({
			location: placeName(lesson, state),
			suspendData: encodeState(lesson, state),
			standing: standingOf(lesson, state)
		});
		const kept = tracker.commit();
		notice.hidden = kept;
		notice.textContent = kept ? '' : words.notSaved;
	}

	function go(at: Place): void {
		change(goTo(state, at));
		show();
		main.querySelector('h1')?.focus({ preventScroll: true });
		scrollTo(0, 0);
	}

	function show(): void {
		stopListening();
		shownAt = performance.now();
		announce('');
		applyLook(state);
		main.replaceChildren();
		footer.replaceChildren();
		main.dataset['lessonScreen'] = placeName(lesson, state);
		where.textContent = '';
		switch (state.at.kind) {
			case 'start':
				showStart();
				break;
			case 'screen':
				showScreen(lesson.screens[state.at.index] as LessonScreen, state.at.index);
				break;
			case 'quiz-intro':
				showQuizIntro();
				break;
			case 'quiz':
				showQuizQuestion();
				break;
			case 'results':
				showResults();
		}
		const { progress } = standingOf(lesson, state);
		(meter.firstElementChild as HTMLElement).style.inlineSize = `${Math.round(progress * 100)}%`;
		document.title = `${main.querySelector('h1')?.textContent ?? ''} – ${lesson.title}`;
	}

	function showStart(): void {
		const begun = state.seen.size > 0;
		main.append(
			...(lesson.cover === '' ? [] : [html('div', { class: 'cover' }, lesson.cover)]),
			heading(lesson.title),
			...(lesson.draft ? [h('p', { class: 'note draft' }, words.draft)] : []),
			html('p', { class: 'lead' }, lesson.description),
			simpleButton(words.simple, state.simple, setSimple),
			h('h2', {}, words.youWill),
			html('ul', { class: 'ticks' }, lesson.objectives.map(({ text }) => `<li><span>${text}</span></li>`).join('')),
			h(
				'dl',
				{ class: 'facts' },
				...fact(words.forWhom, lesson.audience),
				...fact(words.youNeed, lesson.entry),
				...fact(words.time, fill(lesson.language, words.hours, { n: lesson.hours }))
			),
			h('p', {}, words.ownPace)
		);
		footer.append(
			next(begun ? words.continue : words.start, () => go(begun ? firstUnseen() : placeAfter(lesson, state.at)))
		);
	}

	function setSimple(on: boolean): void {
		change({ ...state, simple: on });
		show();
	}

	function showScreen(screen: LessonScreen, index: number): void {
		const ofUnit = lesson.screens.filter(({ unit }) => unit === screen.unit);
		where.replaceChildren(
			h(
				'span',
				{ class: 'where-unit' },
				`${fill(lesson.language, words.unit, { n: screen.unit + 1 })}: ${lesson.units[screen.unit]?.title ?? ''}`
			),
			h('span', {}, fill(lesson.language, words.screenOf, { n: ofUnit.indexOf(screen) + 1, m: ofUnit.length }))
		);
		main.append(heading(screen.title));
		footer.append(button('back', words.back, 'back', () => go(placeBefore(lesson, state.at)), 'quiet'));
		const question = screen.parts.find((part) => part.kind === 'question');
		for (const part of screen.parts) main.append(...partView(part, index));
		if (question === undefined) footer.append(nextScreen());
		if (state.simple) showPieces(piecesOf(main));
	}

	/** Simple mode: one thing of the screen at a time; the last one has the buttons of the whole screen. */
	function showPieces(pieces: readonly (readonly HTMLElement[])[]): void {
		const [back] = footer.children;
		let buttons = [...footer.children].slice(1);
		let here = -1;
		const place = h('span', {});
		if (pieces.length > 1) where.append(place);
		const showPiece = (at: number, moved: boolean): void => {
			stopListening();
			// An answer changes the buttons of the last piece, where questions stand.
			if (here === pieces.length - 1) buttons = [...footer.children].slice(1);
			here = at;
			pieces.forEach((piece, n) => piece.forEach((element) => (element.hidden = n !== at)));
			place.textContent = fill(lesson.language, words.partOf, { n: at + 1, m: pieces.length });
			const last = at >= pieces.length - 1;
			footer.replaceChildren(
				...(at === 0
					? [back as Element]
					: [button('back', words.back, 'back', () => showPiece(at - 1, true), 'quiet')]),
				...(last ? buttons : [next(words.next, () => showPiece(at + 1, true))])
			);
			if (!moved) return;
			const [first] = pieces[at] ?? [];
			first?.setAttribute('tabindex', '-1');
			first?.focus({ preventScroll: true });
			scrollTo(0, 0);
		};
		showPiece(0, false);
	}

	function partView(part: LessonPart, index: number): readonly Node[] {
		switch (part.kind) {
			case 'html':
				return [html('div', { class: 'part' }, part.html)];
			case 'story':
				return [storyView(part)];
			case 'practice':
				return [practiceView(part, index)];
			case 'card':
				return [
					html('section', { class: 'card', 'aria-label': words.card }, part.html),
					button('print', words.print, 'print', () => print(), 'second')
				];
			case 'question':
				return [checkView(part.question)];
		}
	}

	function storyView(part: Extract<LessonPart, { kind: 'story' }>): HTMLElement {
		const outcome = h('div', { class: 'outcome', role: 'status' });
		const choices = part.choices.map((choice, n) =>
			h(
				'li',
				{},
				html(
					'button',
					{
						type: 'button',
						class: 'choice',
						'aria-pressed': 'false',
						'data-choice': String(n),
						onclick: (event) => {
							for (const other of choices) other.firstElementChild?.setAttribute('aria-pressed', 'false');
							const pressed = event.currentTarget as HTMLElement;
							pressed.setAttribute('aria-pressed', 'true');
							pressed.after(outcome);
							outcome.replaceChildren(html('p', {}, choice.outcome));
						}
					},
					choice.text
				)
			)
		);
		return h(
			'section',
			{ class: 'story' },
			h('p', { class: 'tag' }, words.story),
			html('div', { class: 'part' }, part.html),
			h('h2', {}, words.whatNow),
			h('ul', { class: 'choices' }, ...choices)
		);
	}

	function practiceView(part: Extract<LessonPart, { kind: 'practice' }>, index: number): HTMLElement {
		const done = h('p', { class: 'all-done', role: 'status' });
		const judge = (): void => {
			const all = part.tasks.every((_, n) => state.ticks.has(`${index}.${n}`));
			done.textContent = all ? words.practiceDone : '';
		};
		judge();
		return h(
			'section',
			{ class: 'practice' },
			h(
				'p',
				{ class: 'tag' },
				icon('hand'),
				h('strong', {}, words.practice),
				h('span', {}, fill(lesson.language, words.practiceMinutes, { n: part.minutes }))
			),
			html('div', { class: 'part' }, part.html),
			h(
				'ul',
				{ class: 'tasks' },
				...part.tasks.map((task, n) => {
					const box = h('input', {
						type: 'checkbox',
						checked: state.ticks.has(`${index}.${n}`),
						onchange: () => {
							change(tick(state, `${index}.${n}`, box.checked));
							judge();
						}
					});
					return h('li', {}, h('label', { class: 'option', 'data-task': String(n) }, box, html('span', {}, task)));
				})
			),
			done
		);
	}

	/** A question inside a unit: it may be tried again, and it never blocks the way. */
	function checkView(question: Question): HTMLElement {
		const view = questionView(lesson, question, 1, announce, stepsBegun(question));
		const form = questionForm(view, question, (response) => {
			change(answerCheck(state, question.id, response));
			report(question, response);
			settle(response, true);
		});
		const settle = (response: Response, fresh: boolean): void => {
			view.settle(response);
			const right = isRight(question, response);
			const feedback = feedbackView(lesson, question, response, false);
			form.append(feedback);
			footer.querySelector('[data-action=check]')?.remove();
			if (!right) {
				feedback.append(
					button(
						'try-again',
						words.tryAgain,
						'retry',
						() => {
							feedback.remove();
							footer.querySelector('[data-action=next]')?.remove();
							footer.append(checkButton());
							shownAt = performance.now();
							view.reopen();
						},
						'second'
					)
				);
			}
			footer.append(nextScreen());
			if (fresh) reveal(feedback);
		};
		const given = state.checks.get(question.id);
		if (given === undefined) footer.append(checkButton());
		else settle(given, false);
		return form;
	}

	function showQuizIntro(): void {
		where.textContent = words.quiz;
		const left = screensLeft(lesson, state);
		const open = isQuizOpen(lesson, state);
		main.append(
			heading(words.quiz),
			h('p', { class: 'lead' }, words.quizIntro),
			h('p', {}, `${fill(lesson.language, words.quizCount, { n: lesson.quiz.draw })} ${toPass()}`),
			h('p', {}, words.quizNoClock),
			...(state.best === null ? [] : [h('p', { class: 'note' }, fill(lesson.language, words.best, { n: state.best }))]),
			...(open
				? []
				: [
						h(
							'div',
							{ class: 'note locked' },
							h('p', {}, icon('lock'), words.quizLocked),
							h('p', {}, fill(lesson.language, words.quizLeft, { n: left.length }))
						)
					])
		);
		footer.append(button('back', words.back, 'back', () => go(placeBefore(lesson, state.at)), 'quiet'));
		if (!open) footer.append(next(words.goToUnseen, () => go(firstUnseen())));
		else if (isRunning()) footer.append(next(words.quizGoOn, () => go({ kind: 'quiz' })));
		else footer.append(next(words.quizStart, () => newRun()));
	}

	function toPass(): string {
		return fill(lesson.language, words.quizNeed, { n: rightToPass(lesson) });
	}

	function newRun(): void {
		change(startQuiz(state, crypto.getRandomValues(new Uint32Array(1))[0] as number));
		go(state.at);
	}

	function showQuizQuestion(): void {
		const { quiz } = state;
		const questions = quiz === null ? [] : questionsOf(lesson, quiz);
		const question = questions[quiz?.answers.length ?? 0];
		if (quiz === null || question === undefined) {
			state = goTo(state, { kind: quiz === null ? 'quiz-intro' : 'results' });
			show();
			return;
		}
		const number = fill(lesson.language, words.questionOf, { n: quiz.answers.length + 1, m: questions.length });
		where.textContent = words.quiz;
		const view = questionView(lesson, question, quiz.seed, announce, stepsBegun(question));
		const form = questionForm(view, question, (response) => {
			const answered = answerQuiz(lesson, state, response);
			const finished = answered.quiz !== null && isQuizFinished(lesson, answered.quiz);
			report(question, response);
			if (finished && answered.quiz !== null && (state.best === null || (answered.best ?? 0) > state.best)) {
				tracker.objectives(objectiveResults(lesson, answered.quiz));
			}
			change(finished ? goTo(answered, { kind: 'results' }) : answered);
			view.settle(response);
			const feedback = feedbackView(lesson, question, response, true);
			form.append(feedback);
			footer.replaceChildren(next(finished ? words.results : words.next, () => go(state.at)));
			reveal(feedback);
		});
		main.append(heading(number), form);
		footer.append(checkButton());
	}

	function showResults(): void {
		const { quiz, best } = state;
		if (quiz === null || best === null) {
			state = goTo(state, { kind: 'quiz-intro' });
			show();
			return;
		}
		where.textContent = words.results;
		const passed = best >= lesson.quiz.passMark;
		const results = resultsOf(lesson, quiz);
		const retry = (style: ButtonStyle): HTMLElement => button('retry', words.retry, 'retry', () => newRun(), style);
		const finish = (style: ButtonStyle): HTMLElement => button('finish', words.finish, 'finish', () => leave(), style);
		const card = lesson.screens.findIndex(({ parts }) => parts.some(({ kind }) => kind === 'card'));
		main.append(
			heading(passed ? words.passed : words.notPassed),
			h(
				'p',
				{ class: `score ${passed ? 'is-right' : 'is-wrong'}`, 'data-score': String(best) },
				icon(passed ? 'right' : 'retry'),
				h('span', {}, fill(lesson.language, words.resultLine, { n: results.filter(Boolean).length, m: results.length }))
			),
			h('p', { class: 'lead' }, passed ? words.passedText : `${toPass()} ${words.notPassedText}`),
			...(quiz.round > 1 ? [h('p', {}, fill(lesson.language, words.best, { n: best }))] : []),
			h('h2', {}, words.byObjective),
			h(
				'ul',
				{ class: 'showed' },
				...objectiveResults(lesson, quiz).map(({ id, right, asked }) =>
					h(
						'li',
						{ class: right === asked ? 'is-right' : 'is-wrong' },
						icon(right === asked ? 'right' : 'retry'),
						h(
							'span',
							{},
							html('span', {}, lesson.objectives.find((objective) => objective.id === id)?.text ?? ''),
							h('span', { class: 'count' }, fill(lesson.language, words.rightOf, { n: right, m: asked }))
						)
					)
				)
			),
			h(
				'div',
				{ class: 'also' },
				...(card < 0
					? []
					: [button('card', words.toCard, 'print', () => go({ kind: 'screen', index: card }), 'second')]),
				passed ? retry('second') : finish('second')
			)
		);
		footer.append(passed ? finish('primary') : retry('primary'));
	}

	function leave(): void {
		save();
		over = true;
		tracker.finish(true);
		stopListening();
		contents.hidden = true;
		listen.hidden = true;
		where.textContent = '';
		footer.replaceChildren();
		main.dataset['lessonScreen'] = 'finished';
		main.replaceChildren(heading(words.finished), h('p', { class: 'lead' }, words.finishedText));
		main.querySelector('h1')?.focus();
	}

	function questionForm(view: QuestionView, question: Question, take: (response: Response) => void): HTMLFormElement {
		const problem = h('p', { class: 'problem', role: 'alert' });
		const form = h(
			'form',
			{
				id: 'answer',
				novalidate: true,
				onsubmit: (event) => {
					event.preventDefault();
					// After an answer only the footer leads on: Enter in a locked field must not answer twice.
					if (form.querySelector('.feedback') !== null) return;
					const enough = view.answered();
					problem.textContent = enough ? '' : view.missing;
					if (!enough) problem.scrollIntoView({ block: 'nearest' });
					else if (view.step?.() === true) change(answerSteps(state, question.id, [...view.response()]));
					else take(view.response());
				}
			},
			view.element,
			problem
		);
		return form;
	}

	function stepsBegun(question: Question): Response {
		return state.begun?.questionId === question.id ? state.begun.steps : [];
	}

	function report(question: Question, response: Response): void {
		tracker.answered({
			question,
			response,
			right: isRight(question, response),
			prompt: wordsOf(question.prompt),
			milliseconds: performance.now() - shownAt,
			when: new Date()
		});
	}

	function openContents(): void {
		contentsDialog(root, lesson, state, {
			go,
			size(by) {
				change({ ...state, size: Math.min(TEXT_SIZES.length - 1, Math.max(0, shownSize(state) + by)) });
				applyLook(state);
			},
			simple: setSimple
		});
	}

	root.addEventListener('click', (event) => {
		const term = (event.target as Element).closest<HTMLElement>('[data-term]');
		const entry = lesson.glossary[term?.dataset['term'] ?? ''];
		if (entry !== undefined) wordDialog(root, lesson, entry);
	});

	function toggleListening(): void {
		if (listen.getAttribute('aria-pressed') === 'true') return stopListening();
		listen.setAttribute('aria-pressed', 'true');
		listen.replaceChildren(icon('stop'), h('span', {}, words.stop));
		reader?.start(main, stopListening);
	}

	function stopListening(): void {
		if (reader === null) return;
		reader.stop();
		listen.setAttribute('aria-pressed', 'false');
		listen.replaceChildren(icon('listen'), h('span', {}, words.listen));
	}

	function firstUnseen(): Place {
		const [index] = screensLeft(lesson, state);
		return index === undefined ? { kind: 'quiz-intro' } : { kind: 'screen', index };
	}

	function isRunning(): boolean {
		return state.quiz !== null && !isQuizFinished(lesson, state.quiz);
	}

	function nextScreen(): HTMLElement {
		return next(words.next, () => go(placeAfter(lesson, state.at)));
	}

	function checkButton(): HTMLElement {
		return h(
			'button',
			{ type: 'submit', form: 'answer', class: 'button primary', 'data-action': 'check' },
			icon('right'),
			h('span', {}, words.check)
		);
	}

	show();
	save();
	if (resumed) main.prepend(h('p', { class: 'note back-again', role: 'status' }, words.welcomeBack));
	return { save };
}

/** Simple mode begins with large letters. */
function shownSize({ size, simple }: LessonState): number {
	return simple ? Math.max(size, SIMPLE_SIZE) : size;
}

function applyLook(state: LessonState): void {
	const { style, dataset } = document.documentElement;
	const size = shownSize(state);
	style.fontSize = TEXT_SIZES[size] ?? '100%';
	dataset['size'] = String(size);
	if (state.simple) dataset['simple'] = '';
	else delete dataset['simple'];
}

/**
 * The things on a screen, one after the other. A picture or a heading belongs to what follows it; what asks the learner
 * to do something keeps its surroundings, and comes last.
 */
function piecesOf(main: HTMLElement): readonly (readonly HTMLElement[])[] {
	const elements = [...main.children].flatMap((child) =>
		child.className === 'part'
			? ([...child.children] as HTMLElement[])
			: child.tagName === 'H1'
				? []
				: [child as HTMLElement]
	);
	const pieces: HTMLElement[][] = [];
	let joins = false;
	for (const element of elements) {
		if (joins) pieces.at(-1)?.push(element);
		else pieces.push([element]);
		const last = pieces.at(-1) ?? [];
		joins =
			element.matches('.picture, h2, form, .story, .practice, .card') ||
			last[0]?.matches('form, .story, .practice, .card') === true;
	}
	return pieces;
}

type ButtonStyle = 'primary' | 'second' | 'quiet';

function button(action: string, label: string, sign: IconName, press: () => void, style: ButtonStyle): HTMLElement {
	return h(
		'button',
		{ type: 'button', class: `button ${style}`, 'data-action': action, onclick: press },
		icon(sign),
		h('span', {}, label)
	);
}

function next(label: string, press: () => void): HTMLElement {
	return h(
		'button',
		{ type: 'button', class: 'button primary', 'data-action': 'next', onclick: press },
		h('span', {}, label),
		icon('next')
	);
}

function heading(title: string): HTMLElement {
	return h('h1', { tabindex: '-1' }, title);
}

function fact(label: string, markup: string): readonly HTMLElement[] {
	return [h('dt', {}, label), html('dd', {}, markup)];
}

function reveal(feedback: HTMLElement): void {
	feedback.focus({ preventScroll: true });
	feedback.scrollIntoView({ block: 'nearest' });
}
