"""The golden pictures, by the addresses at which the bot serves them."""

SEEDS = (0, 7, 2**32 - 1)
MODELS = ("blocks", "ribs", "plates")
STYLES = ("ink", "blueprint", "transparent")
STILLS = {
    "/digit/4": ("png", "jpg"),
    "/number/2026-11-20": ("png", "jpg"),
    "/compare/4": ("png", "jpg"),
    "/morph/3/8": ("gif",),
}
"""A picture of each command, and the endings that it can have."""
OTHERS = (
    *(f"/digit/{digit}.png?seed=1" for digit in range(10)),
    *(f"/digit/random.png?seed={seed}" for seed in (0, 1, 2)),
    *(f"/digit/4.png?count={count}&seed=7" for count in (1, 2, 10)),
    "/digit/0.png?count=1&original=1&seed=0",
    "/digit/0.zip?count=10&seed=0",
    "/number/0.png?seed=0",
    "/number/007.jpg?seed=7",
    "/number/1111.png?seed=7",
    "/number/1234567890.png?seed=7",
    "/number/12345678901.png?seed=7",
    "/number/98765432109876543210.png?seed=7",
    "/number/1234567%208901234.png?seed=7",
    "/number/+49%2030%201234.png?seed=7",
    "/number/12:30.png?seed=7",
    "/number/1,50.png?seed=7",
    "/number/3.14.png?seed=7",
    "/number/24%2F12%2F2026.png?seed=7",
    "/number/-%205.png?seed=7",
    "/number/12-34-56-78-90-12-34-56-78.png?seed=7",
    "/morph/4.gif?seed=7",
    "/morph/0.gif?seed=0",
    "/morph/2/0/2/6.gif?seed=7",
    "/morph/0/1/2/3/4/5.gif?seed=7",
    "/morph/9/0.gif?seed=7&style=transparent&neat=100",
    "/number/2026.png?seed=7&hand=Fhpg",
    "/number/2026.png?seed=7&hand=Fhpg.50",
    "/number/2026.png?seed=7&hand=Zhpg",
    "/number/2026.png?seed=7&hand=Zhpg.50",
    "/digit/4.png?seed=7&hand=Zhpg",
    "/digit/7.png?seed=7&hand=Zhpg",
    "/morph/3/8.gif?seed=7&hand=Zhpg",
    "/compare/random.png?seed=7",
    "/compare/9.png?models=plates&seed=7",
    "/compare/9.png?models=plates,ribs,plates&seed=7",
    "/compare/9.jpg?models=ribs,blocks&seed=7&style=transparent&neat=20",
)


def addresses() -> list[str]:
    """Return the path and query of every golden picture."""
    found = []
    for words, endings in STILLS.items():
        seen = endings[0]
        chooses = "models" if words.startswith("/compare") else "model"
        found += [f"{words}.{seen}?seed={seed}&{chooses}={model}" for seed in SEEDS for model in MODELS]
        found += [f"{words}.{ending}?seed=7" for ending in endings]
        found += [f"{words}.{ending}?seed=7&style={style}" for ending in endings for style in STYLES]
        found += [f"{words}.{seen}?seed=7&neat={neat}" for neat in (0, 25, 75, 100)]
        # A model without an input for truncation is given shorter latents.
        found += [f"{words}.{seen}?seed=7&neat={neat}&{chooses}=ribs" for neat in (0, 100)]
        found += [f"{words}.png?seed=7&original=1", f"{words}.zip?seed=7", f"{words}.png?seed=7&card=1"]
    return [*dict.fromkeys([*found, *OTHERS])]
