/** Source texts to HTML. Everything is escaped first; the only tags are the ones written here. */
import type { TextBlock } from '#lib/domain/authoring/course-source.ts';
import type { Option, Picture, Question } from '#lib/domain/authoring/question.ts';
import { plain } from '#lib/domain/authoring/reading-time.ts';

/** A drawing, which goes into the page, or a photo, which stays a file of the package (`path` from its root). */
export type Drawn =
	{ readonly svg: string } | { readonly path: string; readonly width: number; readonly height: number };

/** File name to how it is shown; a picture that is not there is told in its words. */
export type Pictures = ReadonlyMap<string, Drawn>;

/**
 * Inline Markdown: **strong**, *emphasis*, `what stands on the screen`, [word](term:id).
 * A label's `dir` is on the box itself: around a <bdi>, Chromium may leave the box's first edge alone at the end of a line.
 */
export function inlineHtml(text: string): string {
	return escapeHtml(text)
		.replaceAll(/`([^`]+)`/g, '<b class="label" dir="auto">$1</b>')
		.replaceAll(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>')
		.replaceAll(/\*([^*]+)\*/g, '<em>$1</em>')
		.replaceAll(
			/\[([^\]]+)\]\(term:([a-z0-9-]+)\)/g,
			'<button type="button" class="term" data-term="$2" aria-haspopup="dialog">$1</button>'
		);
}

export function blocksHtml(blocks: readonly TextBlock[], pictures: Pictures): string {
	return blocks.map((block) => blockHtml(block, pictures)).join('');
}

export function blockHtml(block: TextBlock, pictures: Pictures): string {
	switch (block.kind) {
		case 'text':
			return `<p>${inlineHtml(block.text)}</p>`;
		case 'heading':
			return `<h2>${inlineHtml(block.text)}</h2>`;
		case 'list':
			return listHtml(block.ordered ? 'ol' : 'ul', block.items);
		case 'picture':
			return pictureHtml(block, pictures, block.caption);
	}
}

export function listHtml(tag: 'ol' | 'ul', items: readonly string[], className = ''): string {
	const attribute = className === '' ? '' : ` class="${className}"`;
	return `<${tag}${attribute}>${items.map((item) => `<li><span>${inlineHtml(item)}</span></li>`).join('')}</${tag}>`;
}

/** The SVG stands in the page itself, so it follows the colours of the lesson, light and dark. */
export function pictureHtml(picture: Picture, pictures: Pictures, caption = ''): string {
	const figcaption = caption === '' ? '' : `<figcaption>${inlineHtml(caption)}</figcaption>`;
	const shown = namedPicture(picture, pictures) ?? `<p class="in-words">${escapeHtml(picture.alt)}</p>`;
	return `<figure class="picture">${shown}${figcaption}</figure>`;
}

/** A question with its texts as HTML; pictures become SVG with a name. */
export function questionHtml(question: Question): Question {
	const asked = { prompt: promptHtml(question.prompt) };
	switch (question.type) {
		case 'single':
		case 'multiple':
		case 'true-false':
			return {
				...question,
				...asked,
				options: question.options.map(optionHtml)
			};
		case 'hot-spot':
			return { ...question, ...asked, options: question.options.map(optionHtml) };
		case 'scenario':
			return {
				...question,
				...asked,
				steps: question.steps.map((step) => ({
					prompt: promptHtml(step.prompt),
					options: step.options.map(optionHtml)
				}))
			};
		case 'match':
			return {
				...question,
				...asked,
				...judgedHtml(question),
				// Right sides stand in <select>, where only plain words can stand.
				pairs: question.pairs.map((pair) => ({ ...pair, left: inlineHtml(pair.left), right: plain(pair.right) }))
			};
		case 'order':
			return {
				...question,
				...asked,
				...judgedHtml(question),
				items: question.items.map((item) => ({ ...item, text: inlineHtml(item.text) }))
			};
		case 'numeric':
		case 'fill-in':
			return { ...question, ...asked, ...judgedHtml(question) };
	}
}

function promptHtml(prompt: string): string {
	return prompt.split('\n\n').map(inlineHtml).join('<br>');
}

function optionHtml<O extends Option>(option: O): O {
	return { ...option, text: inlineHtml(option.text), feedback: inlineHtml(option.feedback) };
}

function judgedHtml(question: { readonly feedback: { readonly right: string; readonly wrong: string } }): {
	feedback: { right: string; wrong: string };
} {
	return { feedback: { right: inlineHtml(question.feedback.right), wrong: inlineHtml(question.feedback.wrong) } };
}

/** null when this edition has no such picture. */
export function namedPicture(picture: Picture, pictures: Pictures): string | null {
	const name = escapeHtml(picture.alt);
	return drawn(picture.file, pictures, `role="img" aria-label="${name}"`, `alt="${name}"`);
}

/** For a place that has the name already, or needs none. */
export function unnamedPicture(file: string, pictures: Pictures): string | null {
	return drawn(file, pictures, 'aria-hidden="true"', 'alt=""');
}

function drawn(file: string, pictures: Pictures, svgName: string, imageName: string): string | null {
	const found = pictures.get(file);
	if (found === undefined) return null;
	if ('svg' in found) return svgBody(found.svg).replace('<svg', `<svg ${svgName} focusable="false"`);
	return `<img src="${escapeHtml(found.path)}" ${imageName} width="${found.width}" height="${found.height}" loading="lazy" decoding="async">`;
}

/** One line, without what only a stand-alone file needs. */
export function svgBody(svg: string): string {
	return svg
		.replaceAll(/<\?[^>]*\?>|<!--[\s\S]*?-->/g, '')
		.replace(/\sxmlns="[^"]*"/, '')
		.replaceAll(/>\s+</g, '><')
		.replaceAll(/\s+/g, ' ')
		.trim();
}

export function escapeHtml(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
