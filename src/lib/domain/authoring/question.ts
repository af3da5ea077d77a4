/**
 * A question as a course holds it: in the source the texts are inline Markdown, in a built lesson they are HTML.
 * Answers travel as a `Response`: a list of short ids (or one typed text), the same in the page, in suspend data and
 * in the SCORM interaction.
 */

export type Option = {
	/** One letter, `a` to `z`, in the order of the source; stable for one edition. */
	readonly id: string;
	readonly text: string;
	readonly correct: boolean;
	readonly feedback: string;
	/** Picture choice: what the option shows beside its words. */
	readonly picture?: Picture | undefined;
};

export type Picture = { readonly file: string; readonly alt: string };

export type Pair = { readonly id: string; readonly left: string; readonly right: string };

export type OrderItem = { readonly id: string; readonly text: string };

type Asked = {
	readonly id: string;
	/** Id of the learning objective that this question shows evidence of. */
	readonly objective: string;
	readonly prompt: string;
	readonly picture?: Picture | undefined;
};

/** Feedback for questions whose options cannot each carry one. */
type Judged = { readonly feedback: { readonly right: string; readonly wrong: string } };

export type ChoiceQuestion = Asked & {
	readonly type: 'single' | 'multiple' | 'true-false';
	readonly options: readonly Option[];
};
export type MatchQuestion = Asked & Judged & { readonly type: 'match'; readonly pairs: readonly Pair[] };
/** `items` stand in the right order; the lesson shuffles them. */
export type OrderQuestion = Asked & Judged & { readonly type: 'order'; readonly items: readonly OrderItem[] };
export type NumericQuestion = Asked &
	Judged & {
		readonly type: 'numeric';
		readonly answer: number;
		/** Accepted distance from `answer`, same unit. */
		readonly tolerance: number;
		readonly unit: string;
	};
export type FillInQuestion = Asked & Judged & { readonly type: 'fill-in'; readonly accepted: readonly string[] };

export type Question = ChoiceQuestion | MatchQuestion | OrderQuestion | NumericQuestion | FillInQuestion;

/**
 * single, true-false: one option id. multiple: option ids. match: for each pair in source order, the id of the pair
 * whose right side was chosen. order: item ids, first to last. numeric, fill-in: the text as typed.
 */
export type Response = readonly string[];
