"""Common English words of three and of four letters for word ladders: many of them differ in one letter only."""

THREE: tuple[str, ...] = tuple(
    """
    ace act add age aid aim air ale all and ant any ape apt arc are ark arm art ash ask ate axe
    bad bag ban bar bat bay bed bee beg bet bib bid big bin bit boa bob bog bow box boy bud bug bun bus but buy bye
    cab can cap car cat cob cod cog cop cot cow coy cry cub cud cue cup cut dab dad day den dew did dig dim din dip
    dog dot dry dub due dug ear eat ebb eel egg ego elf elk elm end eve ewe eye fad fan far fat fax fed fee few fig
    fin fir fit fix flu fly fog for fox fry fun fur gag gap gas gel gem get gig gin got gum gut guy gym had ham has
    hat hay hem hen her hew hex hid him hip his hit hog hop hot how hub hue hug hum hut ice icy ill ink inn ion ire
    its ivy jab jam jar jaw jay jet jig job jog jot joy jug keg key kid kin kit lab lad lag lap law lay led leg let
    lid lie lip lit log lot low mad man map mat may men met mix mob mop mow mud mug nab nag nap net new nib nod nor
    not now nun nut oak oar oat odd off oil old one orb ore our out owl own pad pal pan par pat paw pay pea peg pen
    pet pew pie pig pin pit ply pod pop pot pro pry pub pug pun pup put rag ram ran rap rat raw ray red rib rid rig
    rim rip rob rod roe rot row rub rug rum run rut rye sad sag sap sat saw say sea see set sew shy sip sir sit six
    ski sky sly sob sod son sow soy spa spy sty sub sue sum sun tab tag tan tap tar tax tea tee ten the thy tie tin
    tip toe tom ton too top tow toy try tub tug two urn use van vat vet vow wag war was wax way web wed wet who why
    wig win wit woe wok won wow yak yam yap yes yet you zap zip zoo
    """.split()
)

FOUR: tuple[str, ...] = tuple(
    """
    able ache acid acre aged airy also apex arch area army atom aunt away axis
    back bade bail bait bake bald bale ball balm band bang bank barb bare bark barn base bash bath bead beak beam bean
    bear beat beef been beer bell belt bend bent best bike bill bind bird bite blew blob blot blow blue blur boar boat
    body boil bold bolt bond bone book boom boot bore born boss both bout bowl brag bran brew brim brow buck bulb bulk
    bull bump bunk burn bush bust busy buzz cafe cage cake calf call calm came camp cane cape card care cart case cash
    cast cave cell cent chat chef chin chip chop city clad clam clan clap claw clay clip clog clot club clue coal coat
    coil coin cold cole colt comb come cone cook cool cope copy cord core cork corn cost cosy cove crab crew crib crop
    crow cube cult curb cure curl cute damp dare dark dart dash data date dawn days deal dear deck deed deep deer desk
    dial dice dine dire dirt disc dish disk dive dock does dole doll dome done doom door dose dote dove down doze drag
    draw drew drip drop drum dual duck duel dull dump dune dusk dust duty each earl earn ease east easy echo edge else
    even ever exam exit face fact fade fail fair fake fall fame fang fare farm fast fate fawn fear feat feed feel feet
    fell felt fern file fill film find fine fire firm fish fist five flag flap flat flaw flea fled flew flip flow foal
    foam foil fold folk fond font food foot ford fore fork form fort foul four fowl free frog from fuel full fume fund
    fuse fuss gain gale game gang gate gave gaze gear germ gift gill girl give glad glow glue goal goat goes gold golf
    gone good gown grab gram gray grew grid grim grin grip grit grow gulf gull gust hail hair half hall halt hand hang
    hard hare harm harp hate haul have hawk haze head heal heap hear heat heel held helm help herb herd here hero hide
    high hike hill hilt hint hire hive hold hole home hood hoof hook hoop hoot hope horn hose host hour howl huge hull
    hump hung hunt hurt hush icon idea idle inch into iron item jade jail jazz joke jolt jump junk just keen keep kelp
    kept kick kind king kite knee knew knit knob knot know lace lack lady laid lake lamb lame lamp land lane lard lark
    lash last late lawn lead leaf leak lean leap left lend lens less lick lied life lift like limb lime limp line link
    lint lion list live load loaf loan lock loft lone long look loom loop lord lore lose loss lost loud love luck lump
    lung lure lurk made maid mail main make male mall malt mane many mare mark mash mask mast mate math maze mead meal
    mean meat meet meld melt mend menu mere mesh mess mice mild mile milk mill mime mind mine mint mire miss mist moan
    moat mode mole mood moon moor more moss most moth move much mule mush musk must mute myth nail name near neat neck
    need nest news next nice nine none noon nose note noun oath obey odds once only open oval oven over pace pack page
    paid pail pain pair pale palm pane park part pass past path pave peak pear peel peer pest pick pier pike pile pill
    pine pink pint pipe plan play plea plot plow plug plum plus poem poet pole poll pond pony pool poor pope pore pork
    port pose post pour pray prey prop pull pulp pump pure push quit quiz race rack raft rage raid rail rain rake ramp
    rang rank rare rash rate rave read real reap rear reed reef reel rely rent rest rice rich ride rift ring rink riot
    ripe rise risk road roam roar robe rock rode role roll roof rook room root rope rose rosy ruby rude rule rung rush
    rust safe sage said sail sake sale salt same sand sane sang sank save scan scar seal seam seat seed seek seem seen
    self sell send sent shed ship shoe shop shot show shut sick side sift sigh sign silk sill sing sink site size skin
    skip slab slam slap sled slid slim slip slot slow slug snap snow snug soak soap soar sock soda sofa soft soil sold
    sole some song soon sore sort soul soup sour span spin spot spun stab star stay stem step stew stir stop such suit
    sung sunk sure surf swam swan swap sway swim tail take tale talk tall tame tank tape tart task team tear tell tend
    tent term test text than that them then they thin this tick tide tidy tied tile till tilt time tint tiny tire toad
    toil told toll tomb tone took tool torn toss tour town trap tray tree trek trim trip trot true tube tuck tuna tune
    turf turn tusk twin type unit upon used vain vale vane vase vast veil vein vent vest view vine volt vote wade wage
    wait wake walk wall wand want ward ware warm warn warp wash wave wavy weak wear weed week well went were west what
    when whip wide wife wild will wilt wind wine wing wink wipe wire wise wish with woke wolf wood wool word wore work
    worm worn wrap wren yard yarn year yell zero zone zoom
    """.split()
)
