"""Common English words, what is written about them in prompts, and words that stand in examples only."""

import random
from collections.abc import Sequence
from functools import cache

from gradarium.core import Redraw
from gradarium.errors import BadValue

EXAMPLES = ("lemon", "tiger", "window", "garden", "pencil", "rocket", "butter", "island", "candle", "forest")
"""Words for the examples in prompts; none of them is in ``WORDS``, so that no example is an answer."""

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def ordinal(number: int) -> str:
    """Return an ordinal number: in letters up to ten, then in digits.

    >>> ordinal(3), ordinal(12), ordinal(22), ordinal(111)
    ('third', '12th', '22nd', '111th')
    """
    if number <= len(ORDINALS):
        return ORDINALS[number - 1]
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number // 10 % 10 == 1 else ending}"


def counted(count: int, noun: str) -> str:
    """Say which word or letter is meant by a count: from the front, or from the end if it is negative.

    >>> counted(3, "word"), counted(-1, "letter"), counted(-2, "letter")
    ('the third word', 'the last letter', 'the second letter from the end')
    """
    if count == -1:
        return f"the last {noun}"
    return f"the {ordinal(count)} {noun}" if count > 0 else f"the {ordinal(-count)} {noun} from the end"


def walk(count: int, length: int) -> int:
    """Return how many of ``length`` items one reads to find one: all of them before one can count from the end.

    >>> walk(3, 8), walk(-1, 8), walk(-3, 8)
    (3, 8, 10)
    """
    return count if count > 0 else length - count - 1


@cache
def words_of(shortest: int, longest: int) -> tuple[str, ...]:
    """Return the words with that many letters; raises BadValue where there are none."""
    found = tuple(word for word in WORDS if shortest <= len(word) <= longest)
    if not found:
        raise BadValue("shortest, longest", (shortest, longest), "there is no such word; the list has 3 to 10 letters")
    return found


def draw_words(rng: random.Random, count: int, pool: Sequence[str], joined: int = 1) -> list[str]:
    """Draw ``count`` different items, each of ``joined`` different words run together.

    Raises BadValue for counts that cannot be drawn.
    """
    if count < 1 or joined < 1 or count * joined > len(pool):
        raise BadValue("words", count * joined, f"must lie between 1 and {len(pool)}")
    drawn = rng.sample(pool, count * joined)
    items = ["".join(drawn[i : i + joined]) for i in range(0, len(drawn), joined)]
    if len(set(items)) < count:
        raise Redraw
    return items


WORDS: tuple[str, ...] = tuple(
    """
    able about above accept acid acorn acre across act active add adventure afternoon age agree aid aim air airport
    alarm album alley allow almond almost alone always ambulance amount ancient angle animal ankle ant apartment
    apple apron apt arc arena arm arrive arrow artist ask astronaut athlete audience aunt autumn avenue avocado
    awake award away awkward axe baby bacon bad badge bag bake baker balance balcony ball balloon bamboo banana band
    bandage banjo banner bar barber bark barn basket bat bay beach bead beam bean bear beard beautiful beaver become
    bed bee beg berry best bet better beyond bib bicycle big bin bird biscuit bit blanket blossom blue blueberry
    board boat bone book bottle bottom bow box boy brain branch brave bread breakfast breeze brick bridge bright
    brilliant bring broccoli brother brown brush bubble bucket bug build bun burger bus butterfly button buy cab
    cabbage cabin cable cactus cage cake calculate calendar calm camel camera camp can canal canary canoe canvas
    canyon cap car card cardboard care carpet carrot carry cart castle cat catch celebrate cereal chain chair change
    chase check cheerful cheese chemistry cherry chicken chimney chocolate choose circle circus city clap class
    classroom clay clean clever climb clock close cloth cloud clown coast coat cobweb coconut code coffee coin cold
    collar colourful comb comfort community computer concert continent cook cookie coral corn corner cot cotton
    count country cousin cover cow crab crayon cream create creek cricket crocodile cross crowd crown crumb cry
    crystal cube cucumber cup cushion cut cycle daily dairy dance danger dangerous dark date daughter day decorate
    deep deer delicious desk detective diamond dice dig dinner dinosaur dip discovery dish distance dive doctor
    document dog dolphin donkey door dot double dragon drama draw dream dress drink drive drop dry duck eager eagle
    ear early earn earth easel east easy eat echo edge education egg electric elephant elf elm else empty energy
    engine enjoy enough enter entire envelope equipment evening example exit expensive experience extra eye face
    fact factory fair falcon fall family far farm farmer fast father feather fee feed feel ferry festival few field
    fig fin find finger finish fir fire fireplace fish fit fix flag flamingo flight float flock floor flow flower
    flute fly fog follow food fork form fountain fox free fresh fridge friend frog frost fruit fry full funny fur
    future gallery game gap garage garlic gas gate gather gem generous gentle geography get giant giraffe girl give
    glad glass glide globe glove glow glue goat gold golden goose government grain gram grape grapefruit grass great
    green grocery ground grow guess guide guitar gum gym hair half hall hammer hammock hand handy happiness happy
    harbour hard hat hay head health heart heat heavy hedge hedgehog helicopter helmet help hen here hero hid hill
    hip hit hobby hockey hold home honest honey hood hook hop horn horse hospital hot hotel hour house hug hum
    hungry hurry hut ice icicle icy idea ideal igloo image important inch incredible indoor industry ink inn insect
    inside instrument invention ivory jacket jaguar jam jar jaw jelly jellyfish jet jewel jigsaw job jog join joke
    jolly journey jug juice jumbo jump jungle junior kangaroo kayak keen keep kennel kettle key keyboard kick kid
    kind kindle king kingdom kiosk kit kitchen kite kitten kiwi knee kneel knife knight knit knock knot know
    knowledge lab label laboratory lad ladder lake lamb lamp land landscape lane language lantern lap large laser
    later laugh law lawn lazy leaf learn leave left leg lemonade length lesson let level library lid lift light
    lighthouse lime lion lip listen literature little live lizard lock log long look loop lot loud lounge love low
    luck luggage lunch machine magazine magic magnet mail main make mammal mango map maple marble market marmalade
    master mat match maths maze meadow meal measure medicine memory metal microscope middle milk minute mirror
    mitten mix mob molecule money monkey month moon mop morning moth mountain mouse mouth move mud muffin mug museum
    mushroom music musician nail name nap nature near neck necklace need needle nest net never new news newspaper
    nice niece night nimble noble nobody noise noodle noon normal north nose note notebook nothing novel now nurse
    nut oak oar oasis oat oatmeal object ocean octopus odd office often oil old onion only open opera orange orbit
    orchard orchestra ordinary other otter our oval oven over owl own owner oxygen oyster pack page paint palace pan
    panda paper parade parent park parrot part party passenger paste patch path patient paw pay pea peace peach peak
    peanut peg pen penguin people pepper peppermint period pet phone photo photograph piano picnic picture pie piece
    pigeon pillow pilot pin pine pineapple pink pirate pit pizza place plan planet plant plastic plate play
    playground plaza pleasant plumber pocket pod poem pond pony pool popcorn porcupine port postcard pot potato
    pottery powder power present pretty price print professor puddle pumpkin puppet puppy purple purse push put
    puzzle pyramid quack quart quarter quartz queen question quick quiet quill quilt quit quite quiver quiz quote
    rabbit raccoon race radio rain rainbow raisin ran raspberry raw reach read ready real reason recipe rectangle
    red region remember rent rest restaurant rhinoceros ribbon rice ride ring rise river road roast robot rock rod
    roll roof room rope round row rub rug rumour run sad safe sail salad salmon salt sand sandal sandwich sausage
    saw say scarf school science scientist screen sea season see send set shape share sheep shelter shine ship shirt
    shoe shore short shoulder shower shy side signature silk silver simple sing sister sit size skeleton skill skin
    sky sleep slide slow sly small smart smile smoke smooth snail snow snowflake soap soccer sock sofa soft son song
    soup south sow soy spa space spaceship spaghetti spark speak spice spider spinach spiral spoon sport spot spring
    square squirrel stage stair stand star state station still stone stop storm story straight stranger straw
    strawberry street strong student study submarine subway sudden sugar suit summer sun sunflower supper surprise
    swan sweater sweep sweet swim swing table tablet tag tail talk tall tan tap tar taste tax taxi tea teach team
    teapot telephone telescope temple tennis tent test thank theatre thimble thin thing think thousand thread
    thunder ticket tie time tin tiny tired toast today toe together tomato tomorrow ton tongue tool tooth top
    tortoise tour towel tower town toy track tradition train travel tray treasure tree triangle trip trophy truck
    trumpet trunk truth try tub tug tulip tuna turn turtle twin umbrella umpire uncle under unfold uniform union
    unique unit unite universe until unusual update uphill upper upright upset upstairs urban use useful usual
    valley value vanilla variety vase vegetable vehicle veil vein velvet verb vet victory video view village vine
    vinegar violin visitor voice volcano volleyball volume vote voyage wagon wait wake walk wall wallet walrus want
    wash watch water waterfall wave wax way weather web wed week welcome west wet whale wheat wheel whisper whistle
    white wide wig wild wilderness win wind wing winner winter wise wit wok wolf won wonder wonderful wood
    woodpecker wool work world worm worth wrist write xylophone yacht yak yam yard yarn yawn year yell yellow
    yesterday yet yield yoga yogurt young youth zebra zigzag zip zone zoo zoom
    """.split()
)
"""Common words of 3 to 10 lower-case letters, sorted, without names."""
