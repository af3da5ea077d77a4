/** Small tools for making elements. */

type Attributes = Readonly<Record<string, string | boolean | ((event: Event) => void) | undefined>>;
type Child = Node | string | null;

/** `on...` attributes are listeners, true is an empty attribute, false and undefined are none. */
export function h<K extends keyof HTMLElementTagNameMap>(
	tag: K,
	attributes: Attributes = {},
	...children: readonly Child[]
): HTMLElementTagNameMap[K] {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) {
		if (typeof value === 'function') element.addEventListener(name.slice(2), value);
		else if (value === true) element.setAttribute(name, '');
		else if (typeof value === 'string') element.setAttribute(name, value);
	}
	element.append(...children.filter((child) => child !== null));
	return element;
}

/** Elements from HTML that the builder made. */
export function html<K extends keyof HTMLElementTagNameMap>(
	tag: K,
	attributes: Attributes,
	markup: string
): HTMLElementTagNameMap[K] {
	const element = h(tag, attributes);
	element.innerHTML = markup;
	return element;
}

/** The words of builder HTML. */
export function wordsOf(markup: string): string {
	return (html('div', {}, markup).textContent ?? '').replace(/\s+/g, ' ').trim();
}

const PATHS = {
	menu: 'M4 6h16M4 12h16M4 18h16',
	next: 'M5 12h14M13 6l6 6-6 6',
	back: 'M19 12H5M11 6l-6 6 6 6',
	up: 'M12 19V5M6 11l6-6 6 6',
	down: 'M12 5v14M6 13l6 6 6-6',
	right: 'M5 13l5 5L20 7',
	wrong: 'M6 6l12 12M18 6L6 18',
	listen: 'M4 10v4h4l5 4V6L8 10zM16 9a4 4 0 010 6M18.5 6.5a8 8 0 010 11',
	stop: 'M7 7h10v10H7z',
	print: 'M7 9V4h10v5M7 18H4v-7h16v7h-3M7 15h10v5H7z',
	retry: 'M4 12a8 8 0 108-8c-2.5 0-4.5 1-6 2.7M5 3v4h4',
	finish: 'M6 21V4h12l-3 4 3 4H6',
	lock: 'M6 11h12v9H6zM8 11V8a4 4 0 018 0v3',
	hand: 'M8 12V6a1.5 1.5 0 013 0v5V4.5a1.5 1.5 0 013 0V11V6a1.5 1.5 0 013 0v8a6 6 0 01-6 6c-3 0-4-1.5-6-5l-1-2c1-1.5 3-1 4 1'
} as const;

export type IconName = keyof typeof PATHS;

const SVG = 'http://www.w3.org/2000/svg';

export function svg(
	tag: string,
	attributes: Readonly<Record<string, string | number>>,
	...children: readonly SVGElement[]
): SVGElement {
	const element = document.createElementNS(SVG, tag) as SVGElement;
	for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
	element.append(...children);
	return element;
}

/** Decoration beside words; arrows along the line turn round in right-to-left languages (lesson.css). */
export function icon(name: IconName): SVGElement {
	return svg(
		'svg',
		{ viewBox: '0 0 24 24', class: `icon icon-${name}`, 'aria-hidden': 'true', focusable: 'false' },
		svg('path', { d: PATHS[name] })
	);
}
