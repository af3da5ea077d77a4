/** Which tool made a package, told by the files it always writes. */

export type AuthoringTool = {
	readonly name: string;
	/** Known to write more than 4,096 characters of suspend data in long courses. */
	readonly savesLong: boolean;
};

const TOOLS: readonly (AuthoringTool & { readonly files: RegExp })[] = [
	{ name: 'Articulate Storyline', savesLong: true, files: /(?:^|\/)(?:story_content\/|story(?:_html5)?\.html$)/ },
	{ name: 'Articulate Rise', savesLong: true, files: /(?:^|\/)scormcontent\/(?:lib\/|index\.html$)/ },
	{ name: 'Adobe Captivate', savesLong: true, files: /(?:^|\/)(?:CPXHRLoader\.js|CPM\.js|captivate\.css)$/i },
	{
		name: 'iSpring',
		savesLong: false,
		files: /(?:^|\/)(?:ispring[^/]*\.js|presentation\.xml\.js|res\/data\/quiz\d*\.js)$/i
	},
	{ name: 'Lectora', savesLong: true, files: /(?:^|\/)trivantis[^/]*\.(?:js|css)$/i },
	{ name: 'Adapt', savesLong: false, files: /(?:^|\/)adapt\/js\/adapt\.min\.js$/ },
	{ name: 'H5P', savesLong: false, files: /(?:^|\/)(?:h5p\.json|h5p\.js)$/ },
	{ name: 'eXeLearning', savesLong: false, files: /(?:^|\/)(?:exe_jquery\.js|exe_effects\.js|contentv3\.xml)$/ },
	{ name: 'Xerte', savesLong: false, files: /(?:^|\/)xenith\.js$/ },
	{ name: 'Camtasia', savesLong: false, files: /(?:^|\/)(?:tscplayer|techsmith-smart-player)[^/]*\.js$/i },
	{ name: 'Elucidat', savesLong: true, files: /(?:^|\/)elucidat[^/]*\.js$/i },
	{ name: 'Waypost', savesLong: false, files: /^waypost-course\.json$/ }
];

export function authoringToolOf(paths: readonly string[]): AuthoringTool | null {
	return TOOLS.find(({ files }) => paths.some((path) => files.test(path))) ?? null;
}
