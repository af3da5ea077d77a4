/**
 * A small course that holds every block and every type of question once, in English and Arabic: for walks in a browser,
 * for pictures of everything a learner can meet, and for whoever wants to see the format at work. Media are made here.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { aFilm, aPhoto, aTone } from './tiny-media.ts';

/** Writes the course's sources into a folder that is there or not. @returns the folder */
export async function writeEveryBlockCourse(folder: string): Promise<string> {
	const write = (name: string, content: string | Uint8Array): void => {
		mkdirSync(dirname(join(folder, name)), { recursive: true });
		writeFileSync(join(folder, name), content);
	};
	write('course.yaml', record);
	for (const tongue of ['en', 'ar'] as const) {
		const say = (english: string, arabic: string): string => (tongue === 'en' ? english : arabic);
		write(`course.${tongue}.yaml`, words(say));
		write(`glossary.${tongue}.yaml`, glossary(say));
		write(`unit-1.${tongue}.md`, blocks(say, tongue));
		write(`media/hello.${tongue}.wav`, aTone(1, tongue === 'en' ? 440 : 330));
		write(`media/ball.${tongue}.vtt`, captions(say));
		write(`unit-2.${tongue}.md`, questions(say));
		write(`quiz.${tongue}.md`, quiz(say));
	}
	for (const [name, drawing] of Object.entries(drawings)) write(`pictures/${name}.svg`, svg(drawing));
	write('media/ball.webm', await aFilm(2));
	write('pictures/hills.png', aPhoto(1600, 900));
	return folder;
}

/** English or Arabic. */
type Say = (english: string, arabic: string) => string;

const record = `format: 1
code: TEST
edition: 1
level: introductory
modality: online-self-paced
topics: [digital skills]
audience: [adult]
hours: 0.5
licence: CC-BY-4.0
languages: [en, ar]
objectives:
  - id: look
    digcomp: ['1.1']
  - id: act
    digcomp: ['5.1']
prerequisites: []
digcomp:
  - { framework: DigComp, version: '2.2', code: '1.1', level: '1-2' }
  - { framework: DigComp, version: '2.2', code: '5.1', level: '1-2' }
sdg: []
certificate:
  passMark: 80
  draw: 5
  pool: 10
  opens: after-units
`;

const words = (say: Say): string => `title: ${say('Everything once', 'كل شيء مرة واحدة')}
description: ${say('A course with every block and every question. It shows how a lesson looks.', 'دورة فيها كل كتلة وكل سؤال. تعرض شكل الدرس.')}
audience: ${say('People who look at lessons', 'من ينظر في الدروس')}
entry: ${say('A phone', 'هاتف')}
objectives:
  look: ${say('Find a sign on the screen', 'تجد علامة على الشاشة')}
  act: ${say('Choose what to do next', 'تختار ما تفعله بعد ذلك')}
`;

const glossary = (say: Say): string => `sign:
  term: ${say('sign', 'علامة')}
  meaning: ${say('A small picture that says something.', 'صورة صغيرة تقول شيئًا.')}
`;

const captions = (say: Say): string => `WEBVTT

00:00.000 --> 00:01.000
${say('A ball begins to roll.', 'تبدأ كرة بالتدحرج.')}

00:01.000 --> 00:02.000
${say('It comes to the other side.', 'تصل إلى الجانب الآخر.')}
`;

const blocks = (say: Say, tongue: string): string => `---
title: ${say('Blocks', 'الكتل')}
---

## ${say('Words', 'كلمات')} {#words}

${say('A [sign](term:sign) says **much** in *little* room. Tap `Settings` to see more.', 'تقول [العلامة](term:sign) **الكثير** في مكان *قليل*. المس `الإعدادات` لترى المزيد.')}

- ${say('One thing', 'شيء واحد')}
- ${say('Another thing, with a few more words so that the line breaks on a phone', 'شيء آخر، مع كلمات أكثر حتى ينكسر السطر على الهاتف')}

1. ${say('First', 'أولًا')}
2. ${say('Second', 'ثانيًا')}

## ${say('A picture', 'صورة')} {#picture}

![${say('A phone with a battery sign at the top.', 'هاتف في أعلاه علامة البطارية.')}](pictures/phone.svg "${say('The signs stand at the top', 'العلامات في الأعلى')}")

${say('The battery sign stands in the corner.', 'علامة البطارية في الزاوية.')}

## ${say('A photo', 'صورة فوتوغرافية')} {#photo}

![${say('Green hills under a blue sky.', 'تلال خضراء تحت سماء زرقاء.')}](pictures/hills.png)

${say('A photo may stand where a drawing would not do.', 'قد تكون الصورة أفضل من الرسم.')}

## ${say('Listen', 'استمع')} {#audio}

:::audio {file=media/hello.${tongue}.wav}
### ${say('Asha says hello', 'أسماء تسلّم')}

${say('Asha: Good morning. Is your battery full?', 'أسماء: صباح الخير. هل بطاريتك ممتلئة؟')}

${say('Joseph: Half full.', 'يوسف: نصف ممتلئة.')}
:::

## ${say('Watch', 'شاهد')} {#video}

:::video {file=media/ball.webm captions=media/ball.${tongue}.vtt poster=pictures/cover.svg}
### ${say('A ball rolls', 'كرة تتدحرج')}

${say('A ball begins to roll. It comes to the other side.', 'تبدأ كرة بالتدحرج. تصل إلى الجانب الآخر.')}
:::

## ${say('Step by step', 'خطوة خطوة')} {#steps}

:::steps
1. ${say('Press the side key.', 'اضغط على المفتاح الجانبي.')}
2. ${say('Wait until the screen is bright.', 'انتظر حتى تضيء الشاشة.')}
3. ${say('Look at the upper edge.', 'انظر إلى الحافة العليا.')}
:::

:::tip
${say('A tip that saves trouble.', 'معلومة توفّر عليك التعب.')}
:::

## ${say('Side by side', 'جنبًا إلى جنب')} {#compare}

:::compare
### ${say('In the shade', 'في الظل')} {good}
- ${say('The screen can be read', 'تُقرأ الشاشة')}
### ${say('In the sun', 'في الشمس')} {careful}
- ${say('The phone grows hot', 'يسخن الهاتف')}
### ${say('Indoors', 'في الداخل')}
- ${say('Both are fine', 'كلاهما جيد')}
:::

## ${say('A story', 'قصة')} {#story}

:::story {#bus}
${say('Joseph sits on the bus. His battery is nearly empty.', 'يجلس يوسف في الحافلة. بطاريته شبه فارغة.')}

- ${say('He goes on watching films.', 'يواصل مشاهدة الأفلام.')}
  > ${say('At the next stop the phone is dead.', 'ينطفئ الهاتف عند الموقف التالي.')}
- ${say('He makes the screen darker.', 'يخفض إضاءة الشاشة.')}
  > ${say('It lasts until he is at home.', 'تكفي حتى يصل إلى البيت.')}
:::

## ${say('Your turn', 'دورك')} {#practice}

:::practice {#try minutes=10}
${say('Take your phone.', 'خذ هاتفك.')}

- [ ] ${say('I found the battery sign.', 'وجدت علامة البطارية.')}
- [ ] ${say('I made the screen darker.', 'خفضت إضاءة الشاشة.')}
:::

## ${say('Where you live', 'حيث تعيش')} {#local}

:::local-notes {#help}
${say('Ask your trainer where to go.', 'اسأل مدرّبك إلى أين تذهب.')}
:::

:::tutor
${say('Only the trainer reads this.', 'لا يقرأ هذا إلا المدرّب.')}
:::

## ${say('Check yourself', 'اختبر نفسك')} {#check}

:::question true-false {#u-true objective=look}
${say('The battery sign stands at the top.', 'علامة البطارية في الأعلى.')}

- [x] ${say('True', 'صحيح')}
  > ${say('Yes, on most phones.', 'نعم، في معظم الهواتف.')}
- [ ] ${say('False', 'خطأ')}
  > ${say('Look at the upper edge.', 'انظر إلى الحافة العليا.')}
:::
`;

const questions = (say: Say): string => `---
title: ${say('Questions', 'الأسئلة')}
---

${screens(say)
	.map(([id, title, block]) => `## ${title} {#${id}}\n\n${block('u')}`)
	.join('\n')}
## ${say('Try it', 'جرّب')} {#try-again}

:::practice {#again minutes=5}
- [ ] ${say('I showed somebody what I learned.', 'أريت أحدًا ما تعلمته.')}
:::

## ${say('Your card', 'بطاقتك')} {#card}

:::card
### ${say('Battery', 'البطارية')}
- ${say('Dark screen, long day', 'شاشة خافتة، يوم طويل')}
- ${say('Not in the sun', 'ليس في الشمس')}
### ${say('Help', 'المساعدة')}
- ${say('Ask', 'اسأل')}
:::
`;

const quiz = (say: Say): string => `---
title: ${say('Final quiz', 'الاختبار الأخير')}
---

${[...screens(say).map(([, , block]) => block('q')), choice(say, 'q-last', 'act')].join('\n')}`;

/** One of each type: id of the screen, its title, and the block, whose question's id begins with `u` or `q`. */
const screens = (say: Say): readonly (readonly [string, string, (prefix: string) => string])[] => [
	['single', say('One answer', 'إجابة واحدة'), (prefix) => choice(say, `${prefix}-single`, 'look')],
	[
		'multiple',
		say('Several answers', 'عدة إجابات'),
		(prefix) => `:::question multiple {#${prefix}-multiple objective=act,look}
${say('What makes the battery last?', 'ما الذي يطيل عمر البطارية؟')}

- [x] ${say('A darker screen', 'شاشة أخفت')}
  > ${say('Yes. The screen drinks most.', 'نعم. الشاشة تستهلك أكثر.')}
- [ ] ${say('Films all day', 'أفلام طوال اليوم')}
  > ${say('They drink much.', 'تستهلك الكثير.')}
- [x] ${say('The battery saver', 'موفّر البطارية')}
  > ${say('Yes. Less work goes on.', 'نعم. يقل العمل.')}
:::
`
	],
	[
		'match',
		say('Pairs', 'أزواج'),
		(prefix) => `:::question match {#${prefix}-match objective=look}
${say('What belongs together?', 'ما الذي يتوافق؟')}

- ${say('Battery', 'البطارية')} :: ${say('Power', 'الطاقة')}
- ${say('Waves', 'الموجات')} :: ${say('Network', 'الشبكة')}
- ${say('Envelope', 'الظرف')} :: ${say('Message', 'رسالة')}

right: ${say('All three.', 'الثلاثة كلها.')}
wrong: ${say('Not all yet.', 'ليس كلها بعد.')}
:::
`
	],
	[
		'order',
		say('In order', 'بالترتيب'),
		(prefix) => `:::question order {#${prefix}-order objective=act}
${say('Put this in order.', 'رتّب هذا.')}

1. ${say('Plug in the cable', 'صل الكابل')}
2. ${say('Wait', 'انتظر')}
3. ${say('Pull the plug', 'افصل القابس')}

right: ${say('Yes.', 'نعم.')}
wrong: ${say('Begin with the cable.', 'ابدأ بالكابل.')}
:::
`
	],
	[
		'numeric',
		say('A number', 'رقم'),
		(prefix) => `:::question numeric {#${prefix}-numeric objective=act}
${say('One photo takes 3 MB. How much do 4 photos take?', 'الصورة الواحدة 3 ميغابايت. كم تأخذ 4 صور؟')}

answer: 12
unit: MB
right: ${say('Yes, 12.', 'نعم، 12.')}
wrong: ${say('Four times three.', 'أربعة في ثلاثة.')}
:::
`
	],
	[
		'fill-in',
		say('A word', 'كلمة'),
		(prefix) => `:::question fill-in {#${prefix}-fill objective=look}
${say('What does the phone drink? Type one word.', 'ماذا يستهلك الهاتف؟ اكتب كلمة واحدة.')}

answer: ${say('power | electricity', 'طاقة | كهرباء')}
right: ${say('Yes, power.', 'نعم، الطاقة.')}
wrong: ${say('It comes out of the wall.', 'تأتي من الجدار.')}
:::
`
	],
	[
		'pictures',
		say('Choose a picture', 'اختر صورة'),
		(prefix) => `:::question single {#${prefix}-pictures objective=look}
${say('Which one is full?', 'أيها ممتلئة؟')}

- [ ] ![${say('A battery with a thin line of power.', 'بطارية فيها خط رفيع.')}](pictures/low.svg) ${say('This one', 'هذه')}
  > ${say('This one is nearly empty.', 'هذه شبه فارغة.')}
- [x] ![${say('A battery that is filled.', 'بطارية ممتلئة.')}](pictures/full.svg) ${say('That one', 'تلك')}
  > ${say('Yes.', 'نعم.')}
- [ ] ![${say('A battery that is half filled.', 'بطارية نصف ممتلئة.')}](pictures/half.svg) ${say('The third', 'الثالثة')}
  > ${say('Only half.', 'النصف فقط.')}
:::
`
	],
	[
		'hot-spot',
		say('Find the place', 'جد المكان'),
		(prefix) => `:::question hot-spot {#${prefix}-spot objective=look}
${say('Where do you see how full the battery is?', 'أين ترى مقدار امتلاء البطارية؟')}

![${say('A wide screen. At the top on the left three waves, at the top on the right a half filled box, at the bottom a round button.', 'شاشة عريضة. في أعلى اليسار ثلاث موجات، وفي أعلى اليمين مربع نصف ممتلئ، وفي الأسفل زر دائري.')}](pictures/signs.svg)

- [ ] ${say('Three waves, at the top on the left', 'ثلاث موجات في أعلى اليسار')} {rect 20 16 64 52}
  > ${say('This one is the network.', 'هذه للشبكة.')}
- [x] ${say('A half filled box, at the top on the right', 'مربع نصف ممتلئ في أعلى اليمين')} {polygon 232,16 300,16 300,68 232,68}
  > ${say('Yes. Half of it is left.', 'نعم. بقي نصفها.')}
- [ ] ${say('A round button, in the middle at the bottom', 'زر دائري في أسفل الوسط')} {circle 160 136 30}
  > ${say('It brings you home.', 'يعيدك إلى البداية.')}
:::
`
	],
	[
		'scenario',
		say('A situation', 'موقف'),
		(prefix) => `:::question scenario {#${prefix}-scenario objective=act}
${say('Asha waits for a call from the clinic. Her battery shows 5 percent, and there is no power until evening.', 'تنتظر أسماء مكالمة من العيادة. بطاريتها 5 بالمئة، ولا كهرباء حتى المساء.')}

### ${say('What does she do first?', 'ماذا تفعل أولًا؟')}

- [x] ${say('Switch on the battery saver', 'تشغّل موفّر البطارية')}
  > ${say('Yes. The phone does less, and lasts.', 'نعم. يعمل الهاتف أقل ويدوم.')}
- [ ] ${say('Watch a film, to pass the time', 'تشاهد فيلمًا لتمضية الوقت')}
  > ${say('Then the call would not reach her.', 'عندها لن تصلها المكالمة.')}

### ${say('An hour later it shows 2 percent. What now?', 'بعد ساعة تظهر 2 بالمئة. ماذا الآن؟')}

- [ ] ${say('Hope', 'تأمل خيرًا')}
  > ${say('Hope does not charge a battery.', 'الأمل لا يشحن البطارية.')}
- [x] ${say('Charge at the shop next door', 'تشحن في الدكان المجاور')}
  > ${say('Yes. It costs little.', 'نعم. لا يكلف كثيرًا.')}
- [ ] ${say('Lay the phone in the sun', 'تضع الهاتف في الشمس')}
  > ${say('The sun only makes it hot.', 'الشمس تسخنه فقط.')}
:::
`
	]
];

function choice(say: Say, id: string, objective: string): string {
	return `:::question single {#${id} objective=${objective}}
${say('The phone is hot. What do you do?', 'الهاتف ساخن. ماذا تفعل؟')}

- [ ] ${say('Lay it in cold water until it is cool', 'أضعه في ماء بارد حتى يبرد')}
  > ${say('Water destroys it.', 'الماء يتلفه.')}
- [x] ${say('Lay it in the shade', 'أضعه في الظل')}
  > ${say('Yes. Air and shade are enough.', 'نعم. الهواء والظل يكفيان.')}
- [ ] ${say('Wrap it in a cloth', 'ألفه بقماش')}
  > ${say('A cloth keeps the heat in.', 'القماش يحبس الحرارة.')}
:::
`;
}

function svg(shapes: string): string {
	return `<?xml-stylesheet type="text/css" href="../../pictures.css"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180">
	${shapes}
</svg>
`;
}

const battery = (width: number, colour: string): string =>
	`<rect x="70" y="55" width="170" height="70" rx="10" class="p-paper p-line"/><path d="M252 78v24" class="p-ink"/><rect x="80" y="65" width="${width}" height="50" rx="4" class="${colour}"/>`;

const drawings = {
	cover: '<circle cx="160" cy="90" r="60" class="p-sun p-line"/><path d="M130 90l22 24 40-48" class="p-ink"/>',
	phone:
		'<rect x="110" y="10" width="100" height="160" rx="12" class="p-dark"/><rect x="118" y="22" width="84" height="132" rx="4" class="p-paper"/><rect x="176" y="28" width="18" height="9" rx="2" class="p-leaf"/>',
	low: battery(20, 'p-accent'),
	half: battery(75, 'p-sun'),
	full: battery(150, 'p-leaf'),
	signs:
		'<rect x="8" y="8" width="304" height="164" rx="12" class="p-paper p-line"/><path d="M34 56a26 26 0 0 1 36 0M42 46a14 14 0 0 1 20 0M30 38a34 34 0 0 1 44 0" class="p-ink p-thin"/><rect x="242" y="30" width="44" height="24" rx="4" class="p-soft p-line"/><rect x="244" y="32" width="21" height="20" class="p-leaf"/><circle cx="160" cy="136" r="18" class="p-sky p-line"/>'
} as const;
