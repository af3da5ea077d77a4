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

/** A place in a picture, in the units of its `viewBox`. */
export type Region =
	| { readonly shape: 'rect'; readonly x: number; readonly y: number; readonly width: number; readonly height: number }
	| { readonly shape: 'circle'; readonly x: number; readonly y: number; readonly radius: number }
	| { readonly shape: 'polygon'; readonly points: readonly (readonly [number, number])[] };

/** One place of a hot spot; `text` says what is seen there, for the list beside the picture. */
export type Spot = Option & { readonly region: Region };

/** One moment of a scenario: what has happened meanwhile, and what the learner may do. */
export type ScenarioStep = { readonly prompt: string; readonly options: readonly Option[] };

export type Picture = { readonly file: string; readonly alt: string };

export type Pair = { readonly id: string; readonly left: string; readonly right: string };

export type OrderItem = { readonly id: string; readonly text: string };

type Asked = {
	readonly id: string;
	/** Id of the learning objective that this question shows evidence of. */
	readonly objective: string;
	/** Further objectives that the answer says something about; the draw goes by the first one alone. */
	readonly also?: readonly string[] | undefined;
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

/** Right when exactly the right places are chosen. The picture is an SVG, so that regions and picture share their units. */
export type HotSpotQuestion = Asked & {
	readonly type: 'hot-spot';
	readonly picture: Picture;
	readonly options: readonly Spot[];
};
/** Two or three single choices that follow from one another; right when all of them are. */
export type ScenarioQuestion = Asked & { readonly type: 'scenario'; readonly steps: readonly ScenarioStep[] };

export type Question =
	| ChoiceQuestion
	| MatchQuestion
	| OrderQuestion
	| NumericQuestion
	| FillInQuestion
	| HotSpotQuestion
	| ScenarioQuestion;

/** Every objective that this question asks about, the main one first. */
export function objectivesOf(question: Pick<Question, 'objective' | 'also'>): readonly string[] {
	return [question.objective, ...(question.also ?? [])];
}

/**
 * single, true-false: one option id. multiple, hot-spot: option ids. scenario: one option id for each step. match: for each pair in source order, the id of the pair
 * whose right side was chosen. order: item ids, first to last. numeric, fill-in: the text as typed.
 */
export type Response = readonly string[];
