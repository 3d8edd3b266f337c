"""Optimisers of Nevergrad that cannot serve here, found by running each of its registry twice with one seed.

Each was run for 40 and for 200 evaluations of a quadratic function of five variables, its own random state seeded alike
and the global generators of Python and NumPy differently. Where the candidates differed, no seed reaches what it draws.
"""

from __future__ import annotations

VERSION = "1.0.12"
"""The release of Nevergrad that was run, with NumPy 2.4."""

_WITHOUT_SEED = """
    BigLognormalDiscreteOnePlusOne CMAILL CMALL CMALn Carola10 Carola13 Carola8 ChainDSPowell
    ChainMetaModelDSSQP CmaFmin2 DS14 DS2 DS3p DS8 DSproba HugeLognormalDiscreteOnePlusOne
    ImageMetaModelLogNormal LognormalDiscreteOnePlusOne ManyLN MultiDS MultiLN NeuralMetaModelLogNormal
    NgDS3 NgIohLn NgIohMLn OLNDiscreteOnePlusOne PolyLN RFMetaModelLogNormal
    RandRecombiningDiscreteLognormalOnePlusOne RecombiningDiscreteLognormalOnePlusOne
    SVMMetaModelLogNormal SmallLognormalDiscreteOnePlusOne SmoothDiscreteLognormalOnePlusOne
    SmoothElitistRandRecombiningDiscreteLognormalOnePlusOne SmoothLognormalDiscreteOnePlusOne
    SuperSmoothRecombiningDiscreteLognormalOnePlusOne SuperSmoothTinyLognormalDiscreteOnePlusOne
    TinyLognormalDiscreteOnePlusOne UltraSmoothElitistRecombiningDiscreteLognormalOnePlusOne
    UltraSmoothDiscreteLognormalOnePlusOne XLognormalDiscreteOnePlusOne XSmallLognormalDiscreteOnePlusOne
"""
WITHOUT_SEED = frozenset(_WITHOUT_SEED.split())
"""Those that draw from generators which no seed reaches."""

_WITHOUT_NUMPY_2_4 = """
    BAR4 CMandAS2 CSEC CSEC10 CSEC11 Carola1 Carola15 Carola2 Carola3 Carola4 Carola5 Carola6 Carola7
    Carola9 ChainMetaModelPowell ChainMetaModelSQP DS4 DS5 DS6 DS9 FCarola6 HSMetaModel ImageMetaModel
    ImageMetaModelD ImageMetaModelDiagonalCMA ImageMetaModelE ImageMetaModelLengler
    ImageMetaModelOnePlusOne MetaModel MetaModelDE MetaModelDSproba MetaModelDiagonalCMA MetaModelFmin2
    MetaModelLogNormal MetaModelOnePlusOne MetaModelPSO MetaModelQODE MetaModelTwoPointsDE MetaNGOpt10
    NGDSRW NGOpt NGOpt10 NGOpt15 NGOpt16 NGOpt36 NGOpt39 NGOpt4 NGOpt8 NGOptF2 NGOptRW Neural1MetaModel
    Neural1MetaModelD Neural1MetaModelE Neural1MetaModelLogNormal Neural1MetaModelOnePlusOne
    NeuralMetaModel NeuralMetaModelDE NeuralMetaModelTwoPointsDE NgDS NgDS11 NgDS2 NgIoh NgIoh10 NgIoh11
    NgIoh12 NgIoh12b NgIoh13 NgIoh13b NgIoh14 NgIoh14b NgIoh15 NgIoh15b NgIoh16 NgIoh17 NgIoh18 NgIoh19
    NgIoh2 NgIoh20 NgIoh21 NgIoh3 NgIoh4 NgIoh5 NgIoh6 NgIoh7 NgIoh8 NgIoh9 NgIohTuned NgLglr NgLn NgRS
    PCarola6 Quad1MetaModel Quad1MetaModelD Quad1MetaModelE Quad1MetaModelOnePlusOne RF1MetaModel
    RF1MetaModelD RF1MetaModelE RF1MetaModelLogNormal RF1MetaModelOnePlusOne SVM1MetaModel SVM1MetaModelD
    SVM1MetaModelE SVM1MetaModelLogNormal SVM1MetaModelOnePlusOne SplitCSEC11 pCarola6
"""
WITHOUT_NUMPY_2_4 = frozenset(_WITHOUT_NUMPY_2_4.split())
"""Those that make a number of an array, which NumPy does no longer from 2.4 on."""
